package org.plumbline.agreement;

import java.util.Optional;

/**
 * What one worker said of one item.
 *
 * @param worker who; empty if not named
 * @param label which of the C labels, from 0; of a pair, 0 is left and 1 is right
 * @param weight how much of a vote it is, in [0, 1]; 0 for a tie, which says nothing of any label
 */
public record Answer(Optional<String> worker, int label, double weight) {
  /** An answer that counts in full. */
  public static Answer of(String worker, int label) {
    return new Answer(Optional.of(worker), label, 1);
  }

  /**
   * A vote on a pair.
   *
   * @param preference from -1 (surely right, label 1) over 0 (a tie) to 1 (surely left, label 0)
   */
  public static Answer preferring(Optional<String> worker, double preference) {
    return new Answer(worker, preference < 0 ? 1 : 0, Math.abs(preference));
  }
}
