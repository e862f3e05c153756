package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that a model's weights are written as, by one writer or by several side by side: {@link
 * Weights#MODEL_FILE}, or shards with their index, as transformers names them. A shard holds whole
 * parameters that follow one another in the flat array. Under a score head files have the trunk and
 * that head, which is what other tools expect of a model that classifies sequences.
 */
public final class WeightShards {
  /** Bytes of a file at most, but for a parameter that has more: what transformers takes too. */
  private static final long MOST = 5_000_000_000L;

  /** A file of fewer bytes is not worth a writer of its own. */
  private static final long LEAST = 16L << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Layout layout;
  private final WeightType type;
  private final int writers;
  private final List<Slice> shards;

  /** Cut into {@code count} files, or fewer where parameters are too large for that. */
  WeightShards(Layout layout, WeightType type, int writers, long count) {
    this.layout = layout;
    this.type = type;
    this.writers = writers;
    this.shards = cut(layout, count);
  }

  /**
   * The files of the weights of {@code decoder}. There are as many as writers, unless they would be
   * too small for that, or too large.
   *
   * @param type of the files; {@code config.json} must say the same
   */
  public static WeightShards of(Decoder decoder, WeightType type, int writers) {
    Layout layout = decoder.layout();
    long bytes = layout.size() * type.format().width();
    long wanted = Math.max(Math.min(writers, bytes / LEAST), (bytes + MOST - 1) / MOST);
    return new WeightShards(layout, type, writers, Math.max(1, wanted));
  }

  /** At most {@code count} parts of about the same size, together the whole array. */
  private static List<Slice> cut(Layout layout, long count) {
    List<Slice> shards = new ArrayList<>();
    long last = -1;
    for (Layout.Slot slot : layout.slots().values()) {
      long size = slot.parameter().size();
      // That in which its middle lies: a large parameter leaves others without any.
      long shard = (2 * slot.offset() + size) * count / (2 * layout.size());
      Slice here = new Slice(slot.offset(), slot.offset() + size);
      if (shard == last) {
        here = new Slice(shards.remove(shards.size() - 1).from(), here.to());
      }
      shards.add(here);
      last = shard;
    }
    return shards;
  }

  /**
   * The part of the flat array that {@code writer} writes: as many files as the others, one more,
   * or one less. Size 0 if there is none for it. That of the last shard goes to the array's end.
   */
  public Slice of(int writer) {
    int begin = first(writer);
    int end = first(writer + 1);
    return begin == end
        ? new Slice(0, 0)
        : new Slice(shards.get(begin).from(), shards.get(end - 1).to());
  }

  private int first(int writer) {
    return (int) (((long) shards.size() * writer + writers - 1) / writers);
  }

  /**
   * Writes the files of {@code writer}; the first writes the index too, if there is one.
   *
   * @param held the elements that {@link #of} says, float32 or bfloat16
   */
  public void write(int writer, NDArray held, ModelFolder.FileOpener target) throws IOException {
    try (HostMemory host = new HostMemory()) {
      NDArray mine = host.array(held);
      for (int shard = first(writer); shard < first(writer + 1); shard++) {
        try (OutputStream out = target.open(name(shard))) {
          SafetensorsWriter.write(
              out,
              type,
              Weights.tensors(
                  layout, shards.get(shard), of(writer).from(), mine, "", WeightShards::isWritten));
        }
      }
    }
    if (writer == 0 && shards.size() > 1) {
      try (OutputStream out = target.open(WeightFiles.INDEX)) {
        JSON.writerWithDefaultPrettyPrinter().writeValue(out, index());
      }
    }
  }

  /** How many files there are, without the index. */
  int count() {
    return shards.size();
  }

  private String name(int shard) {
    return shards.size() == 1
        ? Weights.MODEL_FILE
        : "model-%05d-of-%05d.safetensors".formatted(shard + 1, shards.size());
  }

  private static boolean isWritten(String name) {
    return !Head.VALUE.owns(name);
  }

  private ObjectNode index() {
    ObjectNode index = JSON.createObjectNode();
    ObjectNode metadata = index.putObject("metadata");
    ObjectNode places = index.putObject("weight_map");
    long size = 0;
    for (int shard = 0; shard < shards.size(); shard++) {
      for (Layout.Slot slot : layout.within(shards.get(shard))) {
        if (isWritten(slot.parameter().name())) {
          places.put(slot.parameter().name(), name(shard));
          size += slot.parameter().size() * type.format().width();
        }
      }
    }
    metadata.put("total_size", size);
    return index;
  }
}
