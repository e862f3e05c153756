package org.plumbline.curate;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** Whom to believe, and so which side is right. */
interface Belief extends Serializable {
  /**
   * P(left is better) of questions that belong together, those of one prompt. Known right answers
   * are not looked at.
   */
  double[] leftBetter(List<Ballots> questions);

  /** The probability that an annotator prefers the better side; of somebody, if empty. */
  double reliability(Optional<String> annotator);

  /** Whether the annotator had a vote that this was fitted to. */
  boolean knows(String annotator);
}
