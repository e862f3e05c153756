package org.plumbline.curate;

import java.sql.Timestamp;
import java.util.Optional;

/**
 * Who judged, and when.
 *
 * @param annotator empty if nobody is named, or several had a part in it
 * @param group the annotator's
 * @param gold whether this is the known right answer, and so nobody's vote
 * @param seconds that it took; null if not known
 * @param time null if not known
 */
record Voter(
    Optional<String> annotator,
    Optional<String> group,
    boolean gold,
    Double seconds,
    Timestamp time) {
  /** Several people, none of whom answers for the whole. */
  static Voter several(boolean gold) {
    return new Voter(Optional.empty(), Optional.empty(), gold, null, null);
  }
}
