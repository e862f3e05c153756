package org.plumbline.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.plumbline.agreement.AgreementStatistics;
import org.plumbline.agreement.Answer;
import org.plumbline.agreement.BradleyTerry;
import org.plumbline.agreement.CalibrationError;
import org.plumbline.agreement.CohenKappa;
import org.plumbline.agreement.FleissKappa;
import org.plumbline.agreement.KrippendorffAlpha;
import org.plumbline.agreement.LabelledItem;
import org.plumbline.agreement.Workers;

/** Statistics of judgments and of probabilities. */
final class AgreementEquations {
  static final Map<String, Equation> ALL =
      Map.of(
          "agreement/cohen-kappa", AgreementEquations::cohen,
          "agreement/fleiss-kappa",
              given -> new Outputs().with("kappa", FleissKappa.of(given.table("counts"))),
          "agreement/krippendorff-alpha", AgreementEquations::krippendorff,
          "bradley-terry/mle",
              given -> new Outputs().with("ability", BradleyTerry.fit(given.table("wins"))),
          "calibration", AgreementEquations::calibration);

  private AgreementEquations() {}

  private static Outputs cohen(Given given) {
    given.requireSameLength("second", "first");
    int[] first = given.wholeNumbers("first");
    int[] second = given.wholeNumbers("second");
    int classes = 1 + IntStream.concat(Arrays.stream(first), Arrays.stream(second)).max().orElse(0);
    double[][] counts = new double[classes][classes];
    for (int item = 0; item < first.length; item++) {
      counts[first[item]][second[item]]++;
    }
    return new Outputs().with("kappa", CohenKappa.of(counts));
  }

  /** Ratings are of shape [items, raters]; null where a rater did not rate. */
  private static Outputs krippendorff(Given given) {
    JsonNode ratings = given.input("ratings");
    double[] values = values(ratings);
    List<LabelledItem> items = new ArrayList<>();
    for (JsonNode item : ratings) {
      List<Answer> answers = new ArrayList<>();
      for (JsonNode rating : item) {
        if (!rating.isNull()) {
          answers.add(anonymous(Arrays.binarySearch(values, rating.asDouble())));
        }
      }
      items.add(LabelledItem.of("item " + items.size(), answers, Workers.of(List.of())));
    }
    var alpha = AgreementStatistics.of(items, values.length, values).alpha();
    return new Outputs()
        .with("nominal", alpha.get(KrippendorffAlpha.NOMINAL))
        .with("ordinal", alpha.get(KrippendorffAlpha.ORDINAL))
        .with("interval", alpha.get(KrippendorffAlpha.INTERVAL));
  }

  private static Answer anonymous(int label) {
    return new Answer(Optional.empty(), label, 1);
  }

  /** What the ratings are, each once, rising. */
  private static double[] values(JsonNode ratings) {
    return StreamSupport.stream(ratings.spliterator(), false)
        .flatMap(item -> StreamSupport.stream(item.spliterator(), false))
        .filter(rating -> !rating.isNull())
        .mapToDouble(AgreementEquations::rating)
        .sorted()
        .distinct()
        .toArray();
  }

  private static double rating(JsonNode rating) {
    if (!rating.isNumber()) {
      throw new IllegalArgumentException("input ratings has what is no number: " + rating);
    }
    return rating.asDouble();
  }

  private static Outputs calibration(Given given) {
    CalibrationError error =
        CalibrationError.of(
            given.numbers("probability"), given.numbers("outcome"), given.wholeParam("bins"));
    return new Outputs().with("ece", error.expectedCalibrationError()).with("brier", error.brier());
  }
}
