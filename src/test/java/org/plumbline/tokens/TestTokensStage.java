package org.plumbline.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.config.TokensSettings;
import org.plumbline.curate.CurateStage;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.PairsIdentity;
import org.plumbline.table.PairsTable;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.RatingTokensTable;
import org.plumbline.table.UnpairedTokensTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.Stages;
import org.plumbline.train.TrainedPairs;

class TestTokensStage {
  @TempDir Path folder;

  private static String choice(String prompt, String chosen, String rejected) {
    return "{\"prompt\":\"%s\",\"kind\":\"choice\",\"choice\":0,".formatted(prompt)
        + "\"responses\":[{\"text\":\"%s\"},{\"text\":\"%s\"}]}".formatted(chosen, rejected);
  }

  private static String rating(String prompt, String response, int stars) {
    return """
        {"prompt":"%s","kind":"rating","rating":%d,"responses":[{"text":"%s"}]}"""
        .formatted(prompt, stars, response);
  }

  private static String verdict(String prompt, String response, boolean acceptable) {
    return "{\"prompt\":\"%s\",\"kind\":\"binary\",\"acceptable\":%s,\"responses\":[{\"text\":\"%s\"}]}"
        .formatted(prompt, acceptable, response);
  }

  @Test
  void whereThereAreOnlyPromptsNobodyMakesPairsFirst() throws Exception {
    String stories = SharedData.path("data/models/stories260K-hf").toUri().toString();
    Path prompts = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\":\"Once upon\"}\n");
    StageContext context =
        Stages.reading(folder.resolve("run"), prompts)
            .with(new FeedbackSettings("", "auto", "", prompts.toString(), 0))
            .context();
    new FeedbackStage(context).execute();
    TokensStage.Result result = new TokensStage(context, stories).execute();
    assertThat(result.prompts()).isEqualTo(1);
    assertThat(result.pairs()).isZero();

    Path feedback =
        Files.writeString(folder.resolve("f.jsonl"), choice("Once", "upon", "a") + "\n");
    StageContext judged = Stages.reading(folder.resolve("judged"), feedback).context();
    new FeedbackStage(judged).execute();
    assertThatThrownBy(() -> new TokensStage(judged, stories).execute())
        .as("judged, and not curated")
        .hasMessageStartingWith("Cannot read table pairs: nothing readable at ");
  }

  @Test
  void writesTokensAndCountsWhatWasCut() throws Exception {
    String stories = SharedData.path("data/models/stories260K-hf").toUri().toString();
    Path feedback =
        Files.write(
            folder.resolve("f.jsonl"),
            List.of(
                choice("Once", "upon a time", "a time"),
                choice("Once upon a time upon a time", "upon", "time"),
                choice("Once upon", "a a a a a a", "a a a a a time"),
                verdict("Once", "upon a time", true),
                verdict("Once upon", "a a a a a a a a", false),
                rating("Once upon", "a a a a a a a a", 4)));
    Path demonstrations =
        Files.write(
            folder.resolve("d.jsonl"),
            List.of(
                "{\"prompt\":\"Once\",\"response\":\"upon\"}",
                "{\"prompt\":\"Once\",\"response\":\"a a a a a a a a\"}"));
    StageContext context =
        Stages.reading(folder.resolve("run"), feedback)
            .with(
                new FeedbackSettings(feedback.toString(), "auto", demonstrations.toString(), "", 0))
            .with(new TokensSettings("plain", 8, 4))
            .context();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();

    TokensStage.Result result = new TokensStage(context, stories).execute();

    assertThat(result.pairs()).isEqualTo(2);
    assertThat(result.droppedPairs()).isEqualTo(1);
    assertThat(result.drops()).isEqualTo(Map.of("pairs: identical after truncation", 1L));
    assertThat(result.truncatedPrompts()).isEqualTo(1);
    assertThat(result.truncatedResponses()).isEqualTo(2);
    assertThat(result.demonstrations()).isEqualTo(2);
    assertThat(result.truncatedDemonstrations()).isEqualTo(1);
    assertThat(result.prompts()).isEqualTo(3);
    assertThat(result.truncatedPromptRows()).isEqualTo(1);
    var spark = LocalSpark.session();
    assertThat(TrainedPairs.of(context.run()).get("fingerprint"))
        .isEqualTo(
            PairsIdentity.of(PairsTable.TABLE.read(spark, context.run().at("pairs")))
                .fingerprint());
    Dataset<Row> pairs = PairTokensTable.TABLE.read(spark, context.run().at("tokens/pairs"));
    assertThat(pairs.where("element_at(chosen_ids, -1) = 2").count()).isEqualTo(2);
    assertThat(pairs.where("prompt_ids[0] = 1").count()).isEqualTo(2);
    Row cut = pairs.where("size(prompt_ids) = 4").head();
    assertThat(cut.<Integer>getList(2)).containsExactly(1, 407, 261, 378);
    assertThat(
            DemonstrationTokensTable.TABLE
                .read(spark, context.run().at("tokens/demonstrations"))
                .where("element_at(response_ids, -1) = 2")
                .count())
        .isEqualTo(1);
    assertThat(PromptTokensTable.TABLE.read(spark, context.run().at("tokens/prompts")).count())
        .isEqualTo(3);
    assertThat(result.ratings()).isEqualTo(1);
    assertThat(result.truncatedRatings()).isEqualTo(1);
    Row rated = RatingTokensTable.TABLE.read(spark, context.run().at("tokens/ratings")).head();
    assertThat(rated.<Integer>getList(3)).hasSize(5);
    assertThat(rated.<Double>getAs("weight")).isBetween(0.1, 1.0);
    assertThat(TrainedPairs.ratings(context.run()).get("rows")).isEqualTo(1);
    assertThat(result.unpaired()).isEqualTo(2);
    assertThat(result.truncatedUnpaired()).isEqualTo(1);
    Dataset<Row> unpaired =
        UnpairedTokensTable.TABLE.read(spark, context.run().at("tokens/unpaired"));
    assertThat(
            unpaired
                .join(pairs, "prompt_ids")
                .where("acceptable and response_ids = chosen_ids")
                .count())
        .isEqualTo(1);
    assertThat(unpaired.where("not acceptable and size(response_ids) = 5").count()).isEqualTo(1);
    assertThat(TrainedPairs.unpaired(context.run()).get("rows")).isEqualTo(2);
  }

  @Test
  void whatTheTemplateRefusesIsDroppedAndCounted() throws Exception {
    String stories = SharedData.path("data/models/stories260K-hf").toUri().toString();
    Path demonstrations =
        Files.write(
            folder.resolve("d.jsonl"),
            List.of(
                "{\"prompt\":\"Once\",\"response\":\"upon\"}",
                "{\"prompt\":[{\"role\":\"system\",\"content\":\"Be kind.\"},"
                    + "{\"role\":\"user\",\"content\":\"Once\"}],\"response\":\"upon\"}"));
    Path feedback =
        Files.write(folder.resolve("f.jsonl"), List.of(choice("Once", "upon a time", "a time")));
    StageContext context =
        Stages.reading(folder.resolve("run"), feedback)
            .with(
                new FeedbackSettings(feedback.toString(), "auto", demonstrations.toString(), "", 0))
            .with(new TokensSettings("mistral", 64, 32))
            .context();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();

    TokensStage.Result result = new TokensStage(context, stories).execute();

    assertThat(result.demonstrations()).isEqualTo(1);
    assertThat(result.drops())
        .isEqualTo(
            Map.of(
                "demonstrations: Cannot write a dialogue by chat template mistral: turn 1 is from"
                    + " system (must be user and assistant in turn)",
                1L));
  }

  @Test
  void harmlessBaseFitsTheStoriesModel() {
    String stories = SharedData.path("data/models/stories260K-hf").toUri().toString();
    Path input = SharedData.path("data/hh-rlhf/harmless-base-test.jsonl.gz");
    StageContext context = Stages.reading(folder.resolve("run"), input).context();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();

    TokensStage.Result result = new TokensStage(context, stories).execute();

    assertThat(result.pairs() + result.droppedPairs()).isEqualTo(2308);
    assertThat(result.truncatedPrompts()).isPositive();
    Dataset<Row> pairs =
        PairTokensTable.TABLE.read(LocalSpark.session(), context.run().at("tokens/pairs"));
    assertThat(pairs.where("size(prompt_ids) > 256").count()).isZero();
    assertThat(
            pairs
                .where(
                    "size(prompt_ids) + greatest(size(chosen_ids), size(rejected_ids)) > 512"
                        + " or size(chosen_ids) = 0 or chosen_ids = rejected_ids")
                .count())
        .isZero();
    long complete = pairs.where("element_at(chosen_ids, -1) = 2").count();
    assertThat(complete).isBetween(pairs.count() - result.truncatedResponses(), pairs.count());
  }
}
