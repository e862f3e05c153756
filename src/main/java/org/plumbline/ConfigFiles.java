package org.plumbline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.plumbline.config.SettingsSource;

/** Finds settings files: on this machine, on any Hadoop file system, or in the program itself. */
final class ConfigFiles {
  private ConfigFiles() {}

  /**
   * Reads {@code file}. A name without a scheme is a local file if there is one, and otherwise a
   * file on Hadoop's default file system.
   *
   * @throws UncheckedIOException naming the file, if it cannot be read
   */
  static SettingsSource read(String file, Configuration hadoop) {
    try {
      Path path = new Path(file);
      boolean local = path.toUri().getScheme() == null && Files.exists(java.nio.file.Path.of(file));
      return new SettingsSource(file, local ? readLocal(file) : readHadoop(path, hadoop));
    } catch (IOException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          "Cannot read settings file " + file + ": " + e.getMessage(), new IOException(e));
    }
  }

  private static String readLocal(String file) throws IOException {
    return Files.readString(java.nio.file.Path.of(file));
  }

  private static String readHadoop(Path path, Configuration hadoop) throws IOException {
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The settings file called {@code name} in {@code conf/}, as it was when this was built. */
  static SettingsSource builtIn(String name) {
    String resource = "conf/" + name;
    try (InputStream in = ConfigFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("Cannot read " + resource + ": not in the program");
      }
      return new SettingsSource(
          "built-in " + resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource + ": " + e.getMessage(), e);
    }
  }
}
