package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.agreement.Workers;
import org.plumbline.config.CurateSettings;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.RatingsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

/** Ratings of single responses, from the feedback to the table that a reward model learns from. */
class TestRatings {
  @TempDir Path folder;

  /** Accuracies by name; of somebody 0.75. */
  private record Known(Map<String, Double> accuracies) implements Belief {
    @Override
    public double[] leftBetter(List<Ballots> questions) {
      throw new AssertionError("nobody compares");
    }

    @Override
    public Workers workers() {
      throw new AssertionError("nobody counts");
    }

    @Override
    public double reliability(int worker) {
      throw new AssertionError("nobody has a number");
    }

    @Override
    public double reliability(Optional<String> annotator) {
      return annotator.map(accuracies::get).orElse(0.75);
    }
  }

  private static Verdict rated(Verdict.Say... says) {
    return new Verdict("id", "response", null, List.of(says));
  }

  private static Verdict.Say say(String annotator, double value) {
    return new Verdict.Say("j", Optional.ofNullable(annotator), "s", false, value);
  }

  @Test
  void theReliableCountMore() {
    RatingRows rows = new RatingRows(new Known(Map.of("ann", 0.9, "bob", 0.6, "eve", 0.3)), false);
    // 2 p - 1: ann 0.8, bob 0.2, eve nothing, somebody 0.5
    RatingRows.Weighed two = rows.weighed(rated(say("ann", 1), say("bob", -1)));
    assertThat(two.rating()).isCloseTo((0.8 - 0.2) / 1.0, within(1e-12));
    assertThat(two.weight()).isCloseTo(0.5, within(1e-12));
    RatingRows.Weighed withEve = rows.weighed(rated(say("ann", 1), say("eve", -3)));
    assertThat(withEve.rating()).isCloseTo(1, within(1e-12));
    assertThat(withEve.weight()).isCloseTo(0.4, within(1e-12));
    RatingRows.Weighed anonymous = rows.weighed(rated(say(null, 2), say(null, 0)));
    assertThat(anonymous.rating()).isCloseTo(1, within(1e-12));
    assertThat(anonymous.weight()).isCloseTo(0.5, within(1e-12));
    assertThat(rows.drop(rated(say("eve", 1))))
        .contains("ratings: no annotator is better than chance");
    assertThat(rows.drop(new Verdict("id", "r", "empty response", List.of(say("ann", 1)))))
        .contains("ratings: empty response");
  }

  @Test
  void whoRatesTwiceHasOneVoiceAndGoldIsKnown() {
    RatingRows rows = new RatingRows(new Known(Map.of("ann", 0.9, "bob", 0.9)), false);
    Verdict twice = rated(say("ann", 2), say("ann", 0), say("bob", -1));
    assertThat(rows.weighed(twice).rating()).isCloseTo(0, within(1e-12));
    Verdict.Say gold = new Verdict.Say("j", Optional.empty(), "s", true, 1.5);
    assertThat(rows.weighed(rated(say("ann", -2), gold))).isEqualTo(new RatingRows.Weighed(1.5, 1));
  }

  private StageContext curated(List<String> lines, CurateSettings settings) throws Exception {
    Path input =
        Files.write(
            folder.resolve("feedback.jsonl"),
            lines.stream().map(line -> line.replace('\'', '"')).toList());
    StageContext context = Stages.reading(folder.resolve("run"), input).with(settings).context();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();
    return context;
  }

  private static Dataset<Row> ratings(StageContext context) {
    return RatingsTable.TABLE.read(LocalSpark.session(), context.run().at("ratings"));
  }

  @Test
  void harshAndMildAnnotatorsMeetAndPromptsStayOnOneSide() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      for (int better = 0; better < 2; better++) {
        lines.add(
            "{'prompt':'p%d','kind':'rating','annotator':'%s','rating':%d,'responses':[{'text':'%s'}]}"
                .formatted(
                    i,
                    i % 2 == 0 ? "harsh" : "mild",
                    2 * better + (i % 2 == 0 ? 1 : 3),
                    better == 1 ? "good" : "bad"));
      }
    }
    StageContext context =
        curated(lines, Stages.unchecked("annotator-prior=0.001", "weights=by-prompt"));

    Dataset<Row> ratings = ratings(context);
    assertThat(ratings.count()).isEqualTo(80);
    // 1 and 3 of the one, 3 and 5 of the other: a standard deviation below and above
    for (Row row : ratings.select("response", "rating", "judgments").collectAsList()) {
      assertThat(row.getDouble(1))
          .isCloseTo(row.getString(0).equals("good") ? 1 : -1, within(0.01));
      assertThat(row.getInt(2)).isEqualTo(1);
    }
    assertThat(ratings.groupBy("prompt_id").sum("weight").where("`sum(weight)` > 1").count())
        .isZero();
    Set<String> train = prompts(ratings, "train");
    Set<String> heldOut = prompts(ratings, "heldout");
    assertThat(train).isNotEmpty().doesNotContainAnyElementsOf(heldOut);
    assertThat(heldOut).isNotEmpty();
    assertThat(ratings.select("annotators").distinct().count()).isEqualTo(2);
  }

  /** Who rates once a prompt has compared nothing, and is as good as was expected of everybody. */
  @Test
  void whoNeverComparesIsBelievedByTheMajorityToo() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lines.add(
          "{'prompt':'p%d','kind':'rating','annotator':'ann','rating':%d,'responses':[{'text':'r'}]}"
              .formatted(i, 1 + i % 5));
    }
    Dataset<Row> ratings = ratings(curated(lines, Stages.unchecked("method=majority")));
    assertThat(ratings.count()).isEqualTo(20);
    assertThat(ratings.where("weight <= 0").count()).isZero();
  }

  private static Set<String> prompts(Dataset<Row> ratings, String split) {
    Set<String> prompts = new HashSet<>();
    ratings
        .where("split = '%s'".formatted(split))
        .collectAsList()
        .forEach(row -> prompts.add(row.getAs("prompt_id")));
    return prompts;
  }

  /** In the small world, where the quality of every reply is known. */
  @Test
  void ratingsTellTheTrueQuality() {
    Path input = folder.resolve("input");
    StageContext context =
        Stages.reading(folder, input.resolve("feedback.jsonl")).with(Stages.unchecked()).context();
    TestSmallWorldJudgments.writeWorld(context);
    new FeedbackStage(context).execute();
    CurateStage.Result result = new CurateStage(context).execute();

    Dataset<Row> quality =
        TestSmallWorldJudgments.json(LocalSpark.session(), input, "truth")
            .select("prompt", "response", "quality")
            .distinct();
    List<Row> known =
        ratings(context)
            .selectExpr("prompt[0].content as prompt", "response", "rating")
            .join(quality, new String[] {"prompt", "response"})
            .collectAsList();
    assertThat(result.rated()).isEqualTo(ratings(context).count());
    assertThat(known).hasSizeGreaterThan(100);
    double correlation =
        new PearsonsCorrelation()
            .correlation(
                known.stream().mapToDouble(row -> row.getDouble(2)).toArray(),
                known.stream().mapToDouble(row -> row.getDouble(3)).toArray());
    System.out.printf("%d ratings correlate %.3f with quality%n", known.size(), correlation);
    assertThat(correlation).isGreaterThan(0.6);
  }
}
