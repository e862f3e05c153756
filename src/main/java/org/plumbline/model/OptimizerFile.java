package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The state of AdamW beside a model: the two moments of every trained parameter, and the step. Of
 * several ranks each has a file with its slice; any number of ranks reads what any number wrote.
 */
public final class OptimizerFile {
  /** Its place within a checkpoint, where it is one file. */
  public static final String NAME = "plumbline/optimizer.safetensors";

  private static final String FOLDER = "plumbline";
  private static final String SHARD = "plumbline/optimizer-%05d-of-%05d.safetensors";
  private static final Pattern SHARD_NAME =
      Pattern.compile("optimizer-\\d{5}-of-(\\d{5})\\.safetensors");

  private OptimizerFile() {}

  /** The place of the file of rank {@code rank} of {@code world} within a checkpoint. */
  public static String name(int rank, int world) {
    return world == 1 ? NAME : SHARD.formatted(rank + 1, world);
  }

  /**
   * Writes moments after {@code step} updates, as float32.
   *
   * @param slice of what is trained that {@code state} has the moments of
   */
  public static void write(
      Decoder decoder, Slice slice, Decoder.AdamState state, long step, OutputStream out)
      throws IOException {
    TrainedFile.write(decoder, slice, arrays(state), step, out);
  }

  /**
   * Reads the moments beside the model in {@code folder} into {@code state}.
   *
   * @param slice of what is trained that {@code state} has room for
   * @return the number of updates taken so far
   * @throws IOException if a file or a moment is missing, unknown or of another shape
   */
  public static long read(Decoder decoder, Slice slice, Decoder.AdamState state, ModelFolder folder)
      throws IOException {
    int world = world(folder);
    long step = -1;
    for (int rank = 0; rank < world; rank++) {
      Slice written = Slice.of(decoder.trained().size(), rank, world);
      if (written.and(slice).size() > 0) {
        step =
            TrainedFile.read(
                "optimizer", decoder, written, slice, arrays(state), folder, name(rank, world));
      }
    }
    return step;
  }

  /** Reads the moments of all that is trained from {@code name}, where one rank wrote it. */
  public static long read(
      Decoder decoder, Slice all, Decoder.AdamState state, ModelFolder folder, String name)
      throws IOException {
    return TrainedFile.read("optimizer", decoder, all, all, arrays(state), folder, name);
  }

  private static Map<String, NDArray> arrays(Decoder.AdamState state) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    arrays.put("exp_avg.", state.mean());
    arrays.put("exp_avg_sq.", state.square());
    return arrays;
  }

  /** How many ranks wrote it; a file that is missing is noticed when it is read. */
  private static int world(ModelFolder folder) throws IOException {
    for (String name : folder.fileNames(FOLDER)) {
      Matcher shard = SHARD_NAME.matcher(name);
      if (shard.matches()) {
        return Integer.parseInt(shard.group(1));
      }
    }
    return 1;
  }
}
