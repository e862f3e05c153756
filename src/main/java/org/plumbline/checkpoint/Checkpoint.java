package org.plumbline.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A finished checkpoint: a folder whose manifest was written last, so it is whole, and whose every
 * file is compared with the manifest as it is read.
 */
public final class Checkpoint {
  static final String STATE = "plumbline/state.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NO_STEP = -1;

  private final Path folder;
  private final FileSystem fileSystem;
  private final Map<String, Manifest.Entry> files;

  private Checkpoint(Path folder, FileSystem fileSystem, Manifest manifest) {
    this.folder = folder;
    this.fileSystem = fileSystem;
    this.files =
        manifest.files().stream()
            .collect(
                Collectors.toMap(
                    Manifest.Entry::path, Function.identity(), (a, b) -> b, TreeMap::new));
  }

  /**
   * Begins a checkpoint at {@code uri}. What an unfinished writer left there is removed.
   *
   * @throws IOException if a finished checkpoint is there: to run a step again, {@link #delete} its
   *     checkpoint first
   */
  public static CheckpointWriter create(String uri, Configuration configuration)
      throws IOException {
    if (isComplete(uri, configuration)) {
      throw new IOException(
          "Cannot write checkpoint " + uri + ": a finished one is there (delete it first)");
    }
    delete(uri, configuration);
    return join(uri, configuration);
  }

  /** Writes more files of a checkpoint that another writer has begun and will finish. */
  public static CheckpointWriter join(String uri, Configuration configuration) throws IOException {
    Path folder = new Path(uri);
    return new CheckpointWriter(folder, Storage.fileSystem(folder, configuration));
  }

  /**
   * Opens the checkpoint at {@code uri}.
   *
   * @throws IOException if it was never finished or is of another format version
   */
  public static Checkpoint open(String uri, Configuration configuration) throws IOException {
    Path folder = new Path(uri);
    FileSystem fileSystem = Storage.fileSystem(folder, configuration);
    return new Checkpoint(folder, fileSystem, Manifest.read(fileSystem, folder));
  }

  /**
   * The checkpoint at {@code uri}; empty if the folder has no manifest, as those of other tools.
   *
   * @throws IOException if it has one that breaks off: then nothing vouches for its files
   */
  public static Optional<Checkpoint> find(String uri, Configuration configuration)
      throws IOException {
    Path folder = new Path(uri);
    return Storage.fileSystem(folder, configuration).exists(new Path(folder, Manifest.PATH))
        ? Optional.of(open(uri, configuration))
        : Optional.empty();
  }

  /** The newest finished {@code step-%08d} folder below {@code parent}. */
  public static Optional<String> latest(String parent, Configuration configuration)
      throws IOException {
    return CheckpointFolders.latest(parent, configuration);
  }

  /**
   * Removes all but the newest {@code k} finished checkpoints below {@code parent}, and unfinished
   * ones older than the newest finished one; a newer unfinished one may still be in the making.
   */
  public static void keepLast(String parent, int k, Configuration configuration)
      throws IOException {
    keepLast(parent, k, NO_STEP, configuration);
  }

  /** The same, but for that of {@code step}, which stays however old it is. */
  public static void keepLast(String parent, int k, long step, Configuration configuration)
      throws IOException {
    CheckpointFolders.keepLast(parent, k, step, configuration);
  }

  /** Whether a finished checkpoint is at {@code uri}. */
  public static boolean isComplete(String uri, Configuration configuration) throws IOException {
    try {
      open(uri, configuration);
      return true;
    } catch (Manifest.IncompleteException e) {
      return false;
    }
  }

  /** Removes the checkpoint at {@code uri}, finished or not; nothing happens if none is there. */
  public static void delete(String uri, Configuration configuration) throws IOException {
    Path folder = new Path(uri);
    FileSystem fileSystem = Storage.fileSystem(folder, configuration);
    // The manifest goes first: a folder deleted half way must not pass for a whole one.
    fileSystem.delete(new Path(folder, Manifest.PATH), false);
    fileSystem.delete(folder, true);
    if (fileSystem.exists(folder)) {
      throw new IOException("Cannot delete checkpoint " + uri + ": it is still there");
    }
  }

  /** Where this checkpoint lies. */
  public String uri() {
    return folder.toString();
  }

  /** Paths of all files within the checkpoint, sorted. */
  public NavigableSet<String> files() {
    return new TreeSet<>(files.keySet());
  }

  /** Size of {@code relative} in bytes. */
  public long size(String relative) throws IOException {
    return entry(relative).size();
  }

  /** SHA-256 of {@code relative} in hexadecimal, as the manifest has it. */
  public String sha256(String relative) throws IOException {
    return entry(relative).sha256();
  }

  /**
   * Reads {@code relative}, of any size. The stream fails at its end, or when it is closed before
   * its end, if the bytes are not those that were written.
   */
  public InputStream read(String relative) throws IOException {
    Manifest.Entry entry = entry(relative);
    Path path = new Path(folder, relative);
    long size = fileSystem.getFileStatus(path).getLen();
    if (size != entry.size()) {
      throw new IOException(
          String.format(
              "Cannot read %s of checkpoint %s: it has %d bytes (the manifest says %d bytes with"
                  + " SHA-256 %s)",
              relative, folder, size, entry.size(), entry.sha256()));
    }
    return new VerifyingInputStream(fileSystem.open(path), uri(), entry);
  }

  /** All of {@code relative}, verified; for files below 2 GiB. */
  public byte[] bytes(String relative) throws IOException {
    if (size(relative) > Integer.MAX_VALUE - 8) {
      throw new IOException(
          String.format(
              "Cannot read %s of checkpoint %s as one array: %d bytes (must be below 2 GiB)",
              relative, folder, size(relative)));
    }
    try (InputStream in = read(relative)) {
      return in.readAllBytes();
    }
  }

  /** The state given to {@link CheckpointWriter#commit}. */
  public JsonNode state() throws IOException {
    return JSON.readTree(bytes(STATE));
  }

  private Manifest.Entry entry(String relative) throws IOException {
    Manifest.Entry entry = files.get(relative);
    if (entry == null) {
      throw new IOException(
          "Cannot read " + relative + " of checkpoint " + folder + ": it holds " + files.keySet());
    }
    return entry;
  }
}
