package org.plumbline.feedback.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds mapping files: the ready ones, which travel in the program, and anybody's own. */
public final class Mappings {
  /** The ready mappings, the most particular first: the first that knows a row's keys takes it. */
  public static final List<String> READY =
      List.of(
          "pandalm",
          "squality",
          "label-studio",
          "argilla",
          "ultrafeedback",
          "sharegpt-pairs",
          "sharegpt-unpaired",
          "prompt-pairs",
          "two-responses",
          "rankings",
          "message-pairs",
          "hh-rlhf");

  private static final String FOLDER = "/org/plumbline/conf/mappings/";

  private Mappings() {}

  /** The ready mapping called {@code name}, one of {@link #READY}. */
  public static Mapping ready(String name) {
    String resource = FOLDER + name + ".yaml";
    try (InputStream in = Mappings.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("Cannot read " + resource + ": not in the program");
      }
      return MappingReader.read(name, "conf/mappings/" + name + ".yaml", text(in));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource + ": " + e.getMessage(), e);
    }
  }

  /**
   * The mapping in {@code file}. A name without a scheme is a local file if there is one, and
   * otherwise a file on Hadoop's default file system.
   *
   * @throws IllegalArgumentException listing all that is wrong with it
   * @throws UncheckedIOException naming the file, if it cannot be read
   */
  public static Mapping at(String file, Configuration hadoop) {
    try {
      Path path = new Path(file);
      String name = path.getName().replaceFirst("\\.ya?ml$", "");
      java.nio.file.Path local = java.nio.file.Path.of(path.toUri().getPath());
      boolean here = path.toUri().getScheme() == null && Files.exists(local);
      return MappingReader.read(name, file, here ? Files.readString(local) : remote(path, hadoop));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read mapping file " + file + ": " + e.getMessage(), e);
    }
  }

  private static String remote(Path path, Configuration hadoop) throws IOException {
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return text(in);
    }
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
