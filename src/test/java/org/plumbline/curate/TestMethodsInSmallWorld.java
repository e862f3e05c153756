package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.CurateSettings;
import org.plumbline.curate.bias.Mitigations;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.FeedbackTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** Every method finds out who is reliable in the small world, where that is known. */
class TestMethodsInSmallWorld {
  @TempDir Path folder;

  @Test
  void everyMethodFindsWhoIsReliable() {
    Path input = folder.resolve("input");
    StageContext context = Stages.reading(folder, input.resolve("feedback.jsonl")).context();
    TestSmallWorldJudgments.writeWorld(context);
    new FeedbackStage(context).execute();
    List<Row> truth =
        TestSmallWorldJudgments.json(LocalSpark.session(), input, "annotators-truth")
            .select("annotator", "accuracy")
            .collectAsList();
    double[] accuracies = truth.stream().mapToDouble(row -> row.getDouble(1)).toArray();

    try (Dossiers dossiers = dossiers(context)) {
      for (String method : List.of("majority", "one-coin", "dawid-skene", "bradley-terry")) {
        Belief belief =
            new Fitting(Stages.unchecked("method=" + method), round -> {})
                .pairs(dossiers.rows(), Mitigations.none())
                .belief();
        double[] found =
            truth.stream()
                .mapToDouble(row -> belief.reliability(Optional.of(row.getString(0))))
                .toArray();
        double correlation = new PearsonsCorrelation().correlation(found, accuracies);
        System.out.printf("%s: reliability correlates %.3f with truth%n", method, correlation);
        assertThat(correlation).as(method).isGreaterThanOrEqualTo(0.8);
      }
      agreementIsFarFromChanceAndFarFromPerfect(dossiers);
    }
  }

  private static Dossiers dossiers(StageContext context) {
    CurateSettings settings = Stages.unchecked();
    Dataset<Row> feedback =
        FeedbackTable.TABLE.read(LocalSpark.session(), context.run().at("feedback/judgments"));
    Census census = Census.of(feedback, settings.spam().fastSeconds());
    DossierMaker maker =
        DossierMaker.with(
            census.calibration(settings.annotatorPrior()),
            settings.maxResponses(),
            settings.maxVotes());
    return Dossiers.write(feedback, census.total(), maker, context.run(), Pass.FOLDER);
  }

  /** Many raters and one label each: with many votes, kappa and alpha are nearly the same. */
  private static void agreementIsFarFromChanceAndFarFromPerfect(Dossiers dossiers) {
    Agreement agreement =
        Agreement.of(
            dossiers.rows(),
            dossiers
                .votes()
                .where("annotator is not null")
                .select("annotator")
                .as(Encoders.STRING())
                .collectAsList());
    System.out.println(agreement);
    assertThat(agreement.votes())
        .isEqualTo(
            dossiers
                .votes()
                .where("not gold")
                .selectExpr("pair_id", "coalesce(annotator, concat_ws(' ', judgments))")
                .distinct()
                .count());
    assertThat(agreement.comparablePairs()).isPositive().isLessThan(agreement.pairs());
    assertThat(agreement.raw()).isBetween(0.5, 0.95);
    assertThat(agreement.fleissKappa()).isBetween(0.1, 0.9).isLessThan(agreement.raw());
    assertThat(agreement.krippendorffNominal()).isCloseTo(agreement.fleissKappa(), within(0.1));
    assertThat(agreement.krippendorffOrdinal()).isCloseTo(agreement.fleissKappa(), within(0.15));
    assertThat(agreement.cohenPairs()).isPositive();
    assertThat(agreement.cohenKappa()).isCloseTo(agreement.fleissKappa(), within(0.15));
  }
}
