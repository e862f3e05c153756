package org.plumbline.curate;

import java.io.Serializable;
import java.util.List;

/** How judgments of a kind compare responses. */
sealed interface Reading extends Serializable
    permits RankingReading, RatingReading, BinaryReading, CritiqueReading {
  /** Whether this is how judgments of {@code kind} are read. */
  boolean reads(String kind);

  /**
   * The comparisons in judgments of one prompt.
   *
   * @param judgments of kinds that this reads, sorted by id
   */
  List<Comparison> compare(List<Judgment> judgments);
}
