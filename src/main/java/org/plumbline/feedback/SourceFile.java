package org.plumbline.feedback;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A file to read.
 *
 * @param name its path below the file, folder or match that was asked for, with that one's own name
 * @param uri its full URI
 */
record SourceFile(String name, String uri) implements Serializable {
  private static final List<String> TABLES = List.of(".csv", ".tsv");

  /** Whether it holds a table of text cells, maybe compressed. */
  boolean isTable() {
    return TABLES.stream().anyMatch(ending -> withoutCodec().endsWith(ending));
  }

  boolean isParquet() {
    return uri.endsWith(".parquet");
  }

  /** The cells of a table are parted by tabs or by commas. */
  char delimiter() {
    return withoutCodec().endsWith(".tsv") ? '\t' : ',';
  }

  private String withoutCodec() {
    return uri.replaceFirst("\\.(gz|bz2|zst)$", "");
  }

  /**
   * The files of {@code input}: a file, every file in a folder and the folders below it, or all
   * that a glob matches. Names that start with a dot or an underscore are passed over, as Hadoop
   * does.
   *
   * @param key the setting that {@code input} comes from
   */
  static List<SourceFile> list(String key, String input, Configuration configuration) {
    try {
      Path path = new Path(input);
      FileSystem files = path.getFileSystem(configuration);
      FileStatus[] matches = files.globStatus(path);
      List<SourceFile> found = new ArrayList<>();
      for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
        collect(files, match, found);
      }
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid %s: %s (must be a file, a folder or a glob that holds files)"
                .formatted(key, input));
      }
      found.sort(Comparator.comparing(SourceFile::uri));
      return found;
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException("Cannot read " + input + ": it went away", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + input + ": " + e.getMessage(), e);
    }
  }

  private static void collect(FileSystem files, FileStatus match, List<SourceFile> found)
      throws IOException {
    String above = match.getPath().getParent() + Path.SEPARATOR;
    RemoteIterator<LocatedFileStatus> below = files.listFiles(match.getPath(), true);
    while (below.hasNext()) {
      String uri = below.next().getPath().toString();
      String name = uri.startsWith(above) ? uri.substring(above.length()) : uri;
      if (!hidden(name)) {
        found.add(new SourceFile(match.isFile() ? match.getPath().getName() : below(name), uri));
      }
    }
  }

  /** Without the folder that was asked for, which may be called otherwise tomorrow. */
  private static String below(String name) {
    return name.substring(name.indexOf(Path.SEPARATOR) + 1);
  }

  private static boolean hidden(String name) {
    for (String part : name.split(Path.SEPARATOR)) {
      if (part.startsWith(".") || part.startsWith("_")) {
        return true;
      }
    }
    return false;
  }
}
