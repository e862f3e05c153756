package org.plumbline.curate;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.plumbline.agreement.Workers;

/** Whom to believe, and so which side is right. */
interface Belief extends Serializable {
  /**
   * P(left is better) of questions that belong together, those of one prompt. Known right answers
   * are not looked at.
   */
  double[] leftBetter(List<Ballots> questions);

  /** Everybody who had a vote that this was fitted to. */
  Workers workers();

  /** The probability that the worker of this number prefers the better side. */
  double reliability(int worker);

  /** The same of an annotator; of somebody, if empty or not known. */
  default double reliability(Optional<String> annotator) {
    return reliability(workers().number(annotator.filter(this::knows)));
  }

  /** Whether the annotator had a vote that this was fitted to. */
  default boolean knows(String annotator) {
    return workers().has(annotator);
  }
}
