package org.plumbline.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a finished checkpoint holds. It names no time and no host: the same checkpoint has the same
 * manifest.
 */
record Manifest(int version, List<Entry> files) {
  static final int VERSION = 1;
  static final String PATH = "plumbline/manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** One file: its path within the checkpoint, its bytes, and their SHA-256 in hexadecimal. */
  record Entry(String path, long size, String sha256) {}

  static Manifest of(Collection<Entry> entries) {
    return new Manifest(
        VERSION, entries.stream().sorted(Comparator.comparing(Entry::path)).toList());
  }

  byte[] toJson() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  static Manifest read(FileSystem fileSystem, Path folder) throws IOException {
    byte[] json;
    try (InputStream in = fileSystem.open(new Path(folder, PATH))) {
      json = in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new IncompleteException(folder, "no manifest, so it was never finished", e);
    }
    return parse(json, folder);
  }

  /** The manifest that {@link #toJson} wrote. */
  static Manifest parse(byte[] json, Path folder) throws IOException {
    JsonNode manifest = tree(json, folder);
    // The version is judged before the rest, which another version may have shaped differently.
    if (manifest.path("version").asInt() != VERSION) {
      throw new IOException(
          String.format(
              "Cannot open checkpoint %s: its format version is %s (must be %d)",
              folder, manifest.path("version"), VERSION));
    }
    return JSON.treeToValue(manifest, Manifest.class);
  }

  private static JsonNode tree(byte[] json, Path folder) throws IOException {
    try {
      JsonNode manifest = JSON.readTree(json);
      if (manifest.isObject()) {
        return manifest;
      }
      throw new IncompleteException(
          folder, "its manifest is empty, so it was never finished", null);
    } catch (JsonProcessingException e) {
      throw new IncompleteException(folder, "its manifest breaks off, so it was never finished", e);
    }
  }

  /** The folder is there, or not even that, but no writer has finished it. */
  static final class IncompleteException extends IOException {
    private static final long serialVersionUID = 1L;

    IncompleteException(Path folder, String reason, Throwable cause) {
      super("Cannot open checkpoint " + folder + ": " + reason, cause);
    }
  }
}
