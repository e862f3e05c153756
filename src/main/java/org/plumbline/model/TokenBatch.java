package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Sequences side by side, right-padded to the longest.
 *
 * @param ids [B, T] int64
 * @param responseMask [B, T - 1], aligned with log-probabilities: 1 where the token that follows is
 *     a response token, 0 at prompts and padding
 * @param responsePlaces [R] int64, where the mask is 1: a row times T - 1 plus a position
 * @param last [B] int64, the index of each row's last token
 */
public record TokenBatch(NDArray ids, NDArray responseMask, NDArray responsePlaces, NDArray last) {

  /** Lays out {@code sequences} in arrays of {@code manager}. */
  public static TokenBatch of(List<Sequence> sequences, NDManager manager) {
    int rows = sequences.size();
    int width = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
    long[] ids = new long[rows * width];
    float[] mask = new float[rows * (width - 1)];
    long[] last = new long[rows];
    LongStream.Builder places = LongStream.builder();
    for (int row = 0; row < rows; row++) {
      Sequence sequence = sequences.get(row);
      for (int t = 0; t < sequence.length(); t++) {
        int start = sequence.prompt().length;
        ids[row * width + t] = t < start ? sequence.prompt()[t] : sequence.response()[t - start];
        if (t >= start && t > 0) {
          int place = row * (width - 1) + t - 1;
          mask[place] = 1;
          places.add(place);
        }
      }
      last[row] = sequence.length() - 1;
    }
    return new TokenBatch(
        manager.create(ids, new Shape(rows, width)),
        manager.create(mask, new Shape(rows, width - 1)),
        manager.create(places.build().toArray()),
        manager.create(last));
  }
}
