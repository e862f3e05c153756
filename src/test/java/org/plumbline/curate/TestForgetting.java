package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.ForgottenPairsTable;
import org.plumbline.table.PairsIdentity;
import org.plumbline.table.PairsTable;
import org.plumbline.table.RatingsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.UnpairedTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.Stages;

class TestForgetting {
  @TempDir Path folder;

  private static String choice(String prompt, String annotator, int choice) {
    return """
        {"prompt":"%s","kind":"choice","annotator":"%s","choice":%d,
        "responses":[{"text":"short of %s"},{"text":"much longer"}]}"""
        .replace("\n", "")
        .formatted(prompt, annotator, choice, prompt);
  }

  private static String verdict(String response, String annotator) {
    return """
        {"prompt":"judged alone","kind":"binary","annotator":"%s","acceptable":true,
        "responses":[{"text":"%s"}]}"""
        .replace("\n", "")
        .formatted(annotator, response);
  }

  private static String rating(String response, String annotator, int stars) {
    return """
        {"prompt":"rated","kind":"rating","annotator":"%s","rating":%d,
        "responses":[{"text":"%s"}]}"""
        .replace("\n", "")
        .formatted(annotator, stars, response);
  }

  private StageContext curated() throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(choice("ann alone", "ann", 0));
    lines.add(choice("bob alone", "bob", 0));
    lines.add(choice("both agree", "ann", 1));
    lines.add(choice("both agree", "bob", 1));
    lines.add(choice("they cancel", "ann", 1));
    lines.add(choice("they cancel", "bob", 0));
    lines.add(verdict("by ann alone", "ann"));
    lines.add(verdict("by bob alone", "bob"));
    lines.add(verdict("by both", "ann"));
    lines.add(verdict("by both", "bob"));
    lines.add(rating("by ann alone", "ann", 2));
    lines.add(rating("by both", "ann", 4));
    lines.add(rating("by both", "bob", 5));
    Path input = Files.write(folder.resolve("feedback.jsonl"), lines);
    StageContext context =
        Stages.reading(folder.resolve("run"), input)
            .with(Stages.unchecked("annotator-prior=1e12"))
            .context();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();
    return context;
  }

  private static Dataset<Row> pairs(StageContext context) {
    return PairsTable.TABLE.read(LocalSpark.session(), context.run().at("pairs"));
  }

  private static void checkpoint(StageContext context, String step, Map<String, Object> state)
      throws Exception {
    Checkpoint.create(context.run().at("reward/checkpoint/" + step), context.run().configuration())
        .commit(state);
  }

  @Test
  void saysWhatHangsOnAnAnnotator() throws Exception {
    StageContext context = curated();
    checkpoint(context, "step-00000001", Map.of("pairs", Map.of("fingerprint", "of others")));
    checkpoint(
        context, "step-00000002", Map.of("pairs", PairsIdentity.of(pairs(context)).record()));
    Dataset<Row> unpaired =
        UnpairedTable.TABLE.read(LocalSpark.session(), context.run().at("unpaired"));
    checkpoint(
        context, "step-00000003", Map.of("unpaired", PairsIdentity.ofUnpaired(unpaired).record()));

    Dataset<Row> ratings =
        RatingsTable.TABLE.read(LocalSpark.session(), context.run().at("ratings"));
    checkpoint(
        context, "step-00000004", Map.of("ratings", PairsIdentity.ofRatings(ratings).record()));

    Forgetting.Result result = new Forgetting(context, "ann").execute(false);

    assertThat(result.judgments()).isEqualTo(7);
    assertThat(result.votes()).isEqualTo(4);
    // What ann alone judged goes; where bob agrees it is less sure; where they cancel there is a
    // pair.
    assertThat(result.pairs()).isEqualTo(3);
    assertThat(result.vanishing()).isEqualTo(2);
    assertThat(result.changing()).isEqualTo(1);
    assertThat(result.changingSide()).isZero();
    assertThat(result.appearing()).isEqualTo(1);
    assertThat(result.othersChanging()).isZero();
    assertThat(result.unpaired()).isEqualTo(2);
    assertThat(result.unpairedVanishing()).isEqualTo(1);
    assertThat(result.unpairedChanging()).isEqualTo(1);
    assertThat(result.ratings()).isEqualTo(2);
    assertThat(result.ratingsVanishing()).isEqualTo(1);
    assertThat(result.ratingsChanging()).isEqualTo(1);
    assertThat(result.vanishingPairs())
        .containsExactlyInAnyOrder(
            pairs(context).where("prompt[0].content = 'ann alone'").head().getString(0),
            pairs(context).where("prompt[0].content = 'rated'").head().getString(0));
    assertThat(result.checkpoints())
        .containsExactly(
            "reward/checkpoint/step-00000002",
            "reward/checkpoint/step-00000003",
            "reward/checkpoint/step-00000004");
    assertThat(context.run().has("curate/forgetting")).isFalse();
    assertThat(
            ForgottenPairsTable.TABLE
                .read(LocalSpark.session(), context.run().at("forget/pairs"))
                .selectExpr("concat_ws(' ', annotator, was is null, becomes is null)")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrder(
            "ann false true", "ann false true", "ann false false", "ann true false");
  }

  @Test
  void forgetsAndCuratesAgain() throws Exception {
    StageContext context = curated();

    assertThat(new Forgetting(context, "ann").execute(true).applied()).isTrue();

    Dataset<Row> feedback =
        FeedbackTable.TABLE.read(LocalSpark.session(), context.run().at("feedback/judgments"));
    assertThat(feedback.where("annotator = 'bob'").count()).isEqualTo(6);
    assertThat(feedback.count()).isEqualTo(6);
    assertThat(
            RejectsTable.TABLE
                .read(LocalSpark.session(), context.run().at("rejects"))
                .where("reason = 'forgotten' and raw is null")
                .count())
        .isEqualTo(7);
    assertThat(new CurateStage(context).execute().pairs()).isEqualTo(3);
    assertThatThrownBy(() -> new Forgetting(context, "ann").execute(false))
        .hasMessageContaining("Cannot forget ann: no judgment of anybody of that name");
    JsonNode quality = context.run().readJson("curate/quality.json");
    assertThat(quality.at("/pairs/rows").asLong()).isEqualTo(3);
    assertThat(quality.at("/annotators/named").asLong()).isEqualTo(1);
  }
}
