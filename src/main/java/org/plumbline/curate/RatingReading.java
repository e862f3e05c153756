package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Ratings: different responses that the same annotator rated are compared. With z the calibrated
 * ratings, P(left is better) = Phi((z_left - z_right) / sqrt(2)), Thurstone's Case V ("A law of
 * comparative judgment", Psychological Review 34, 1927), and the vote's preference is 2 P - 1.
 */
record RatingReading(Calibration calibration) implements Reading {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  @Override
  public boolean reads(String kind) {
    return kind.equals("rating");
  }

  @Override
  public List<Comparison> compare(List<Judgment> judgments) {
    Map<String, List<Judgment>> byAnnotator =
        judgments.stream()
            .collect(
                Collectors.groupingBy(
                    judgment -> judgment.annotator().orElse(""),
                    TreeMap::new,
                    Collectors.toList()));
    List<Comparison> comparisons = new ArrayList<>();
    for (List<Judgment> ofOne : byAnnotator.values()) {
      for (int i = 0; i < ofOne.size(); i++) {
        for (int j = i + 1; j < ofOne.size(); j++) {
          compare(ofOne.get(i), ofOne.get(j)).ifPresent(comparisons::add);
        }
      }
    }
    return comparisons;
  }

  private Optional<Comparison> compare(Judgment left, Judgment right) {
    if (left.response().equals(right.response())) {
      return Optional.empty();
    }
    double margin = calibration.standardised(left) - calibration.standardised(right);
    double preference = 2 * NORMAL.cumulativeProbability(margin / Math.sqrt(2)) - 1;
    Vote vote =
        new Vote(
            preference,
            margin,
            null,
            left.kind(),
            left.source(),
            left.annotator().stream().toList(),
            List.of(left.id(), right.id()));
    return Optional.of(new Comparison(left.response(), right.response(), vote));
  }
}
