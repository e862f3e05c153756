package org.plumbline.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder in which a run keeps its tables, checkpoints and results, on any Hadoop file system.
 */
public final class RunFolder {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path root;
  private final Configuration configuration;
  private final Map<String, String> elsewhere;

  /** A run folder at {@code uri}; a URI without a scheme is taken on the default file system. */
  public RunFolder(String uri, Configuration configuration) {
    try {
      Path path = new Path(uri);
      this.configuration = configuration;
      this.root = path.getFileSystem(configuration).makeQualified(path);
      this.elsewhere = Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open run folder " + uri + ": " + e.getMessage(), e);
    }
  }

  private RunFolder(Path root, Configuration configuration, Map<String, String> elsewhere) {
    this.root = root;
    this.configuration = configuration;
    this.elsewhere = elsewhere;
  }

  /** The same folder, but for {@code folder} and all in it, which lie in {@code other}. */
  public RunFolder with(String folder, String other) {
    Map<String, String> all = new TreeMap<>(elsewhere);
    all.put(folder, other);
    return new RunFolder(root, configuration, all);
  }

  /** The full URI of {@code relative} within this folder. */
  public String at(String relative) {
    return path(relative).toString();
  }

  private Path path(String relative) {
    for (Map.Entry<String, String> folder : elsewhere.entrySet()) {
      String name = folder.getKey();
      if (relative.equals(name) || relative.startsWith(name + "/")) {
        return new Path(root, folder.getValue() + relative.substring(name.length()));
      }
    }
    return new Path(root, relative);
  }

  /** What {@link #at} makes {@code uri} of, if it lies in this folder; else {@code uri} itself. */
  public String within(String uri) {
    String folder = root + "/";
    return uri.startsWith(folder) ? uri.substring(folder.length()) : uri;
  }

  /** The full URI of this folder. */
  public String uri() {
    return root.toString();
  }

  /** Hadoop's settings, for those who open file systems themselves. */
  public Configuration configuration() {
    return configuration;
  }

  /** Whether {@code relative} exists. */
  public boolean has(String relative) {
    try {
      return fileSystem().exists(path(relative));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look up " + at(relative) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes {@code value} (a record, a map, a JSON tree) as JSON to {@code relative}, as {@link
   * #writeText} does.
   */
  public void writeJson(String relative, Object value) {
    try {
      writeText(relative, JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot write " + at(relative) + ": " + e.getMessage(), e);
    }
  }

  /** Writes {@code text} to {@code relative}; if that fails, what was there before stays. */
  public void writeText(String relative, String text) {
    try {
      WholeFile.write(fileSystem(), path(relative), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + at(relative) + ": " + e.getMessage(), e);
    }
  }

  /** Reads the JSON at {@code relative}. */
  public JsonNode readJson(String relative) {
    try (InputStream in = fileSystem().open(path(relative))) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + at(relative) + ": " + e.getMessage(), e);
    }
  }

  /** Deletes {@code relative} and all in it, if there is such a thing. */
  public void delete(String relative) {
    try {
      fileSystem().delete(path(relative), true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + at(relative) + ": " + e.getMessage(), e);
    }
  }

  /** The file system that holds this folder. */
  public FileSystem fileSystem() {
    try {
      return root.getFileSystem(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open run folder " + root + ": " + e.getMessage(), e);
    }
  }
}
