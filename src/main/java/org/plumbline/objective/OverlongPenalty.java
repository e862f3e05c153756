package org.plumbline.objective;

import java.io.Serializable;

/**
 * What a completion loses for coming near the length limit ("soft overlong punishment": Yu et al.
 * 2025, "DAPO", arXiv:2503.14476, eq. 13), to be added to its score.
 *
 * <p>{@code min(0, (maxLength - buffer - |y|) / buffer)}, and -1 at least: 0 up to the buffer, then
 * falling in a line to -1 where the buffer is full.
 *
 * @param maxLength tokens that a completion may have
 * @param buffer how many of the last of them cost something
 */
public record OverlongPenalty(int maxLength, int buffer) implements Serializable {
  /**
   * Takes the limit and its buffer.
   *
   * @throws IllegalArgumentException if one is below 1, or the buffer longer than the limit
   */
  public OverlongPenalty {
    Require.atLeast("buffer", buffer, 1);
    Require.atLeast("maxLength", maxLength, buffer);
  }

  /** The penalty of a completion of so many tokens, from -1 to 0. */
  public double of(int tokens) {
    double room = maxLength - buffer - tokens;
    return Math.max(-1, Math.min(0, room / buffer));
  }
}
