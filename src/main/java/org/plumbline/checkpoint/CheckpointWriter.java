package org.plumbline.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes one checkpoint. Until {@link #commit} has returned, readers take the folder for
 * unfinished; a writer that is dropped before leaves only what {@link Checkpoint#delete} and {@link
 * Checkpoint#keepLast} clear away.
 */
public final class CheckpointWriter {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final Path folder;
  private final FileSystem fileSystem;
  private final Map<String, Manifest.Entry> finished = new TreeMap<>();
  private final Set<String> open = new TreeSet<>();
  private boolean committed;

  CheckpointWriter(Path folder, FileSystem fileSystem) {
    this.folder = folder;
    this.fileSystem = fileSystem;
  }

  /**
   * Begins the file {@code relative}, of any size; it is part of the checkpoint once closed.
   * Several files may be open at a time, each in the hands of one thread.
   */
  public OutputStream file(String relative) throws IOException {
    check(relative);
    if (Manifest.PATH.equals(relative) || Checkpoint.STATE.equals(relative)) {
      throw new IllegalArgumentException(
          "Invalid file of a checkpoint: " + relative + " (must not be one that commit writes)");
    }
    return begin(relative);
  }

  /** What this writer has finished, for another of the same checkpoint to {@link #include}. */
  public synchronized byte[] finished() throws IOException {
    return Manifest.of(finished.values()).toJson();
  }

  /** Takes files that another writer has finished into the checkpoint. */
  public synchronized void include(byte[] files) throws IOException {
    for (Manifest.Entry entry : Manifest.parse(files, folder).files()) {
      finished.put(entry.path(), entry);
    }
  }

  /**
   * Writes {@code state} as JSON and, last, the manifest: now the checkpoint is there.
   *
   * @throws IOException if a file was begun but not closed
   */
  public synchronized void commit(Map<String, Object> state) throws IOException {
    if (committed) {
      throw new IOException("Cannot commit checkpoint " + folder + ": it is committed already");
    }
    if (!open.isEmpty()) {
      throw new IOException("Cannot commit checkpoint " + folder + ": not closed: " + open);
    }
    try (OutputStream out = begin(Checkpoint.STATE)) {
      out.write(JSON.writeValueAsBytes(state));
    }
    committed = true;
    try (OutputStream out = create(Manifest.PATH)) {
      out.write(Manifest.of(finished.values()).toJson());
    }
  }

  private synchronized OutputStream begin(String relative) throws IOException {
    if (committed) {
      throw new IOException(
          "Cannot write " + relative + " of checkpoint " + folder + ": it is committed already");
    }
    if (finished.containsKey(relative) || !open.add(relative)) {
      throw new IOException(
          "Cannot write " + relative + " of checkpoint " + folder + ": it was begun before");
    }
    return new HashingOutputStream(create(relative), relative, this::finish);
  }

  private OutputStream create(String relative) throws IOException {
    try {
      OutputStream out = fileSystem.create(new Path(folder, relative), true);
      return new NamedOutputStream(out, relative, folder);
    } catch (IOException e) {
      throw NamedOutputStream.failure(relative, folder, e.getMessage(), e);
    }
  }

  private synchronized void finish(Manifest.Entry entry) {
    open.remove(entry.path());
    finished.put(entry.path(), entry);
  }

  private static void check(String relative) {
    Set<String> parts = Set.copyOf(Arrays.asList(relative.split("/", -1)));
    if (parts.contains("") || parts.contains(".") || parts.contains("..")) {
      throw new IllegalArgumentException(
          "Invalid file of a checkpoint: '"
              + relative
              + "' (must be a path within the checkpoint, such as model.safetensors)");
    }
  }
}
