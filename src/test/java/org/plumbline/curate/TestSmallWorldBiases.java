package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.BiasSettings;
import org.plumbline.config.QuickstartSettings;
import org.plumbline.config.Settings;
import org.plumbline.curate.bias.BiasEstimate;
import org.plumbline.curate.bias.BiasReport;
import org.plumbline.curate.bias.Biases;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.quickstart.QuickstartStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.VotesTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/**
 * The leanings that the small world's annotators were given. Utilities carry Gumbel noise of scale
 * T, so that differences follow a logistic law of scale T, and a utility of u more is u / T nats.
 */
class TestSmallWorldBiases {
  @TempDir Path folder;

  @Test
  void findsWhoGoesByThePlaceAndByLength() {
    Path input = folder.resolve("input");
    StageContext context =
        Stages.reading(folder, input.resolve("feedback.jsonl")).with(Stages.unchecked()).context();
    Settings world =
        new Settings(
            0,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new QuickstartSettings(2000, 100, 12, 768),
            null);
    new QuickstartStage(new StageContext(context.spark(), context.run(), world, context.progress()))
        .execute();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();
    SparkSession spark = LocalSpark.session();
    // Of four ranked responses only the first shown has the bonus, whatever the place of the
    // others.
    Dataset<Row> choices =
        VotesTable.TABLE.read(spark, context.run().at("votes")).where("kind = 'choice'");
    Dataset<Row> unsure =
        choices.select("pair_id").distinct().selectExpr("pair_id", "0.5D as left_better");
    BiasReport report =
        Biases.measure(choices, unsure, new BiasSettings("none", false, "none", 40, 20, 8));
    report.estimates().forEach(System.out::println);
    System.out.println(report.lengthScale());

    List<BiasEstimate> position = report.byAnnotator("position", "log-odds");
    Map<String, Double> planted = Map.of("ann-04", 0.4 / 0.15, "ann-10", 0.25 / 0.15);
    long covered =
        position.stream()
            .filter(each -> within(each, planted.getOrDefault(each.annotator(), 0.0)))
            .count();
    assertThat(covered).isGreaterThanOrEqualTo(11);
    assertThat(position)
        .filteredOn(each -> planted.containsKey(each.annotator()))
        .hasSize(2)
        .allMatch(each -> within(each, planted.get(each.annotator())))
        .allMatch(each -> each.pValue() < 1e-3);
  }

  private static boolean within(BiasEstimate estimate, double planted) {
    return estimate.low() <= planted && planted <= estimate.high();
  }
}
