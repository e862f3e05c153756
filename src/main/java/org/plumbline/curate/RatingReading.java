package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Ratings: different responses that the same annotator rated are compared. With z the calibrated
 * ratings, P(left is better) = Phi((z_left - z_right) / sqrt(2)), Thurstone's Case V ("A law of
 * comparative judgment", Psychological Review 34, 1927), and the vote's preference is 2 P - 1. An
 * annotator's ratings of one response are averaged first, and so are those nobody is named for.
 */
record RatingReading(Calibration calibration) implements Reading {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  @Override
  public void read(List<Judgment> judgments, Ballot ballot) {
    for (var rater : Raters.of(judgments, judgment -> judgment.is("rating")).values()) {
      List<Rated> rated = new ArrayList<>();
      for (Map.Entry<String, List<Judgment>> response : rater.entrySet()) {
        rated.add(Rated.of(response.getKey(), response.getValue(), calibration));
      }
      compare(rated, ballot);
    }
  }

  private static void compare(List<Rated> rated, Ballot ballot) {
    for (int i = 0; i < rated.size(); i++) {
      for (int j = i + 1; j < rated.size(); j++) {
        ballot.cast(
            rated.get(i).response(), rated.get(j).response(), rated.get(i).against(rated.get(j)));
      }
    }
  }

  /** A response with its mean calibrated rating by one annotator. */
  private record Rated(String response, double mean, List<Judgment> judgments) {
    static Rated of(String response, List<Judgment> judgments, Calibration calibration) {
      double sum = 0;
      for (Judgment judgment : judgments) {
        sum += calibration.standardised(judgment);
      }
      return new Rated(response, sum / judgments.size(), judgments);
    }

    Vote against(Rated other) {
      double margin = mean - other.mean;
      Judgment first = judgments.get(0);
      return new Vote(
          2 * NORMAL.cumulativeProbability(margin / Math.sqrt(2)) - 1,
          margin,
          null,
          first.kind(),
          first.source(),
          first.voter(),
          Raters.ids(judgments, other.judgments));
    }
  }
}
