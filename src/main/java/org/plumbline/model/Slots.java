package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Native memory for rows that are continued side by side, the ids, keys and values of each in a
 * slot of its own, and the kernels that work on it. Who is in which slot is for the caller to know.
 * The manager is capped, as a model's is.
 */
final class Slots implements AutoCloseable {
  /** Prompts that are read side by side have at most so many tokens together, or are alone. */
  private static final int PREFILL = 4096;

  private final Decoder decoder;
  private final NDList weights;
  private final NDManager manager;
  private final NDList state;
  private final NDArray stops;
  private final double[] sampling;

  /**
   * Memory for {@code rows} rows of up to {@code tokens} tokens.
   *
   * @param weights as {@link PreparedWeights} has them
   */
  Slots(Generator generator, NDList weights, int rows, int tokens) {
    this.decoder = generator.model().decoder();
    this.weights = weights;
    this.manager = decoder.scope();
    try {
      state = call("slots", manager).list(weights).integers(rows, tokens).run();
      int words = decoder.architecture().shape().vocabulary();
      stops =
          manager.create(
              Arrays.stream(generator.ending().stops())
                  .filter(stop -> stop >= 0 && stop < words)
                  .toArray());
      Sampling s = generator.sampling();
      // even of no probability at all the most probable token is a part
      double topP = Math.max(s.topP(), Float.MIN_NORMAL);
      sampling = new double[] {s.temperature(), s.topK(), topP, s.minP(), s.repetitionPenalty()};
      manager.cap();
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Reads the prompts of {@code rows} into slots, the first at {@code place}. */
  void fill(List<Continuation> rows, int place) {
    int begin = 0;
    while (begin < rows.size()) {
      int width = rows.get(begin).prompt().length;
      int end = begin + 1;
      while (end < rows.size()
          && (end + 1 - begin) * Math.max(width, rows.get(end).prompt().length) <= PREFILL) {
        width = Math.max(width, rows.get(end).prompt().length);
        end++;
      }
      read(rows.subList(begin, end), width, place + begin);
      begin = end;
    }
  }

  private void read(List<Continuation> rows, int width, int place) {
    long[] ids = new long[rows.size() * width];
    for (int row = 0; row < rows.size(); row++) {
      int[] prompt = rows.get(row).prompt();
      for (int t = 0; t < prompt.length; t++) {
        ids[row * width + t] = prompt[t];
      }
    }
    try (NDManager scope = decoder.scope()) {
      call("fill", scope)
          .list(weights)
          .list(state)
          .array(scope.create(ids, new Shape(rows.size(), width)))
          .integers(place)
          .run();
    }
  }

  /** Moves {@code row} from one slot to another. */
  void move(Continuation row, int from, int to) {
    try (NDManager scope = decoder.scope()) {
      call("move", scope).list(state).integers(from, to, row.length()).run();
    }
  }

  /**
   * New tokens of the rows in the first slots, row by row.
   *
   * @param steps tokens of each row
   */
  record Drawn(int steps, long[] ids, float[] policyLogprobs, float[] samplingLogprobs) {
    Continuation.Token token(int row, int step) {
      int i = row * steps + step;
      return new Continuation.Token(
          Math.toIntExact(ids[i]), policyLogprobs[i], samplingLogprobs[i]);
    }
  }

  /**
   * Continues {@code rows}, which lie in the first slots, by {@code steps} tokens, or until one of
   * them ends.
   *
   * @param minimum new tokens before which no row ends by a stop
   */
  Drawn advance(List<Continuation> rows, int steps, int minimum) {
    long[] lengths = rows.stream().mapToLong(Continuation::length).toArray();
    long[] unmuted = rows.stream().mapToLong(row -> row.prompt().length + minimum).toArray();
    long[] ends = rows.stream().mapToLong(row -> row.length() + row.room()).toArray();
    float[] uniforms = new float[rows.size() * steps];
    for (int row = 0; row < rows.size(); row++) {
      Continuation at = rows.get(row);
      System.arraycopy(at.uniforms(), at.count(), uniforms, row * steps, steps);
    }
    try (NDManager scope = decoder.scope()) {
      NDList drawn =
          call("continue_rows", scope)
              .list(weights)
              .list(state)
              .integers(lengths)
              .integers(unmuted)
              .integers(ends)
              .array(scope.create(uniforms, new Shape(rows.size(), steps)))
              .array(stops)
              .numbers(sampling)
              .run();
      return new Drawn(
          (int) drawn.get(0).getShape().get(1),
          drawn.get(0).toLongArray(),
          drawn.get(1).toFloatArray(),
          drawn.get(2).toFloatArray());
    }
  }

  private Kernels.Call call(String method, NDManager scope) {
    return decoder.kernels().call(method, scope);
  }

  @Override
  public void close() {
    manager.close();
  }
}
