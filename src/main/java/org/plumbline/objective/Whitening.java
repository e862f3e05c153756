package org.plumbline.objective;

import java.io.Serializable;
import java.util.List;

/**
 * Brings numbers to mean 0 and variance 1 over all tokens of a batch (Huang et al. 2024,
 * arXiv:2403.17031).
 *
 * <p>{@code (x - mean) / sqrt(variance + 1e-8)}. Mean and variance are those of the whole batch,
 * over however many tasks it is spread, so that they do not depend on the cluster's size.
 *
 * @param mean over all tokens
 * @param variance over all tokens, unbiased: divided by their count less one
 */
public record Whitening(double mean, double variance) implements Serializable {
  private static final double EPSILON = 1e-8;

  /**
   * The whitening of a batch.
   *
   * @param rows the tokens of each completion, without padding; lengths may differ
   * @throws IllegalArgumentException if there are fewer than two tokens in all
   */
  public static Whitening over(List<float[]> rows) {
    long count = 0;
    double sum = 0;
    for (float[] row : rows) {
      count += row.length;
      for (float x : row) {
        sum += x;
      }
    }
    if (count < 2) {
      throw new IllegalArgumentException(
          "Cannot whiten a batch: %d of the 2 tokens that a variance needs".formatted(count));
    }
    double mean = sum / count;
    return new Whitening(mean, squaresAround(mean, rows) / (count - 1));
  }

  /** The whitened row, as long as {@code row}. */
  public float[] of(float[] row) {
    return scaled(row, 0);
  }

  /** The row with variance 1 around the mean that it had, as long as {@code row}. */
  public float[] keepMean(float[] row) {
    return scaled(row, mean);
  }

  private float[] scaled(float[] row, double shift) {
    double deviation = Math.sqrt(variance + EPSILON);
    float[] result = new float[row.length];
    for (int t = 0; t < row.length; t++) {
      result[t] = (float) ((row[t] - mean) / deviation + shift);
    }
    return result;
  }

  private static double squaresAround(double mean, List<float[]> rows) {
    double squares = 0;
    for (float[] row : rows) {
      for (float x : row) {
        squares += (x - mean) * (x - mean);
      }
    }
    return squares;
  }
}
