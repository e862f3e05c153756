package org.plumbline.curate;

import java.io.Serializable;
import java.util.List;

/** How judgments of a kind compare responses. */
sealed interface Reading extends Serializable
    permits RankingReading, RatingReading, BinaryReading, CritiqueReading {
  /** Takes votes on two responses; the vote's left is {@code left}. */
  interface Ballot {
    void cast(String left, String right, Vote vote);
  }

  /**
   * Casts the votes in judgments of one prompt.
   *
   * @param judgments of all kinds, sorted by id; either all are gold or none is
   */
  void read(List<Judgment> judgments, Ballot ballot);
}
