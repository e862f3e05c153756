package org.plumbline.curate.bias;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.BiasSettings;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.quickstart.QuickstartStage;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/**
 * The leanings that the small world's annotators were given. Utilities carry Gumbel noise of scale
 * T, so that differences follow a logistic law of scale T, and a utility of u more is u / T nats.
 * Choices only: of four ranked responses only the first has the bonus of its place.
 */
class TestSmallWorldBiases {
  private static final String LINES =
      "prompt string, kind string, responses array<struct<text:string>>, choice int,"
          + " strength double, shown array<int>, annotator string, `group` string";

  @TempDir Path folder;
  private Dataset<Row> choices;

  @BeforeEach
  void writeWorld() {
    Path input = folder.resolve("input");
    StageContext context = Stages.reading(folder, input.resolve("feedback.jsonl")).context();
    Settings world = SettingsReader.read(List.of(), List.of("quickstart.demonstrations=100"));
    new QuickstartStage(new StageContext(context.spark(), context.run(), world, context.progress()))
        .execute();
    choices =
        LocalSpark.session()
            .read()
            .schema(LINES)
            .json(input.resolve("feedback.jsonl").toUri().toString())
            .where("kind = 'choice' and size(responses) = 2 and choice in (0, 1)")
            .where("strength > 0 and size(shown) = 2 and annotator is not null")
            .selectExpr("*", "responses[0].text as l", "responses[1].text as r");
  }

  @Test
  void findsWhoGoesByThePlaceAndByLength() {
    Dataset<Row> votes =
        choices.selectExpr(
            "sha1(concat(prompt, l, r)) as pair_id",
            "sha1(prompt) as prompt_id",
            "annotator",
            "`group` as annotator_group",
            "if(choice = 0, strength, -strength) as preference",
            "shown[0] = 0 as left_first",
            "length(l) as left_length",
            "length(r) as right_length",
            "cast(null as string) as left_model",
            "cast(null as string) as right_model",
            "false as gold");
    Dataset<Row> unsure =
        votes.select("pair_id").distinct().selectExpr("pair_id", "0.5D as left_better");
    BiasReport report =
        Biases.measure(votes, unsure, new BiasSettings("none", false, "none", 40, 20, 8));

    covers(
        report.byAnnotator("position", "log-odds"),
        Map.of("ann-04", 0.4 / 0.15, "ann-10", 0.25 / 0.15));
    double perWord = wordsOfLength(report.lengthScale()) / 10;
    covers(
        report.byAnnotator("length", "log-odds"),
        Map.of("ann-03", 0.6 / 0.15 * perWord, "ann-09", 0.4 / 0.2 * perWord));
  }

  /** Words that go with one unit of what is measured, by least squares: utility is of words. */
  private double wordsOfLength(double scale) {
    Row sums =
        choices
            .selectExpr(
                "tanh((length(l) - length(r)) / %s) as t".formatted(scale),
                "size(split(l, ' ')) - size(split(r, ' ')) as w")
            .selectExpr("sum(t * w)", "sum(t * t)")
            .head();
    return sums.getDouble(0) / sums.getDouble(1);
  }

  /** Who leans is found, as far as planted; of the others, at most two of ten by chance. */
  private static void covers(List<BiasEstimate> found, Map<String, Double> planted) {
    assertThat(found).hasSize(12);
    assertThat(found)
        .filteredOn(each -> planted.containsKey(each.annotator()))
        .allMatch(each -> each.low() <= planted.get(each.annotator()))
        .allMatch(each -> planted.get(each.annotator()) <= each.high())
        .allMatch(each -> each.pValue() < 0.05);
    assertThat(found)
        .filteredOn(each -> !planted.containsKey(each.annotator()) && each.pValue() < 0.05)
        .hasSizeLessThanOrEqualTo(2);
  }
}
