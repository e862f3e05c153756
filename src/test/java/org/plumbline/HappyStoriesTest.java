package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.bench.StoryOpenings;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.evaluate.BestOfStage;
import org.plumbline.evaluate.PolicyMeasures;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.SharedData;
import org.plumbline.tokens.TokensStage;

/**
 * A real small language model that tells stories, whose words are to become happier by a lexicon,
 * without anybody's judgments.
 */
@Tag("slow")
class HappyStoriesTest {
  @TempDir static Path folder;
  private static StageContext context;

  @BeforeAll
  static void prompts() throws IOException {
    String model = SharedData.path("data/models/stories260K-hf").toUri().toString();
    Path lexicon = SharedData.path("data/vader/vader_lexicon.txt");
    Path prompts = Files.write(folder.resolve("prompts.jsonl"), StoryOpenings.lines());
    Settings settings =
        SettingsReader.read(
            List.of(),
            List.of(
                "model.path=" + model,
                "feedback.prompts=" + prompts,
                "tokens.chat-template=plain",
                "tokens.max-length=128",
                "tokens.max-prompt-length=32",
                "reward.terms=[{name: valence, function: lexicon, argument: '"
                    + lexicon
                    + "'},"
                    + " {name: length, sql: '-0.001 * greatest(response_tokens - 50, 0)'}]",
                "ppo.learning-rate=1e-4",
                "ppo.kl-coef=0.005",
                "ppo.iterations=8",
                "ppo.batch-size=64",
                "ppo.mini-batch-size=32",
                "ppo.epochs=2",
                "ppo.generation.max-new-tokens=64",
                "ppo.generation.batch-size=64",
                "evaluate.generation.max-new-tokens=64",
                "evaluate.generation.batch-size=64",
                "evaluate.prompts=32"));
    var spark = LocalSpark.session();
    context =
        new StageContext(
            spark,
            new RunFolder(
                folder.resolve("run").toUri().toString(), spark.sessionState().newHadoopConf()),
            settings,
            Progress.silent());
    new FeedbackStage(context).execute();
    new TokensStage(context, model).execute();
  }

  /** The standard deviation of the mean that a set of prompts earns at the start. */
  private static double chance() {
    SummaryStatistics rewards = new SummaryStatistics();
    for (Row row :
        RolloutsTable.TABLE
            .read(context.spark(), context.run().at("compare/evaluate/rollouts/start"))
            .where("sample = 1")
            .collectAsList()) {
      rewards.addValue(row.getDouble(row.fieldIndex("reward")));
    }
    assertThat(rewards.getN()).isEqualTo(32);
    return rewards.getStandardDeviation() / Math.sqrt(rewards.getN());
  }

  /** A critic has to learn first what to expect, so PPO takes larger steps. */
  @Test
  void ppoTellsHappierStories() {
    happier("compare.methods=ppo", "ppo.learning-rate=5e-4");
  }

  @Test
  void groupsAndPairsTellHappierStories() {
    happier("compare.methods=grpo,rloo,online-dpo");
  }

  private void happier(String... sets) {
    List<SettingsSource> own =
        List.of(new SettingsSource("the stories", SettingsReader.toYaml(context.settings())));
    StageContext told = context.with(SettingsReader.read(own, List.of(sets)));
    Comparison.Result result = Comparison.execute(told);

    assertThat(result.failures()).isEmpty();
    double start = result.policies().get("start").reward();
    for (String method : result.seconds().keySet()) {
      PolicyMeasures made = result.policies().get(method);
      assertThat(made.reward()).as(method).isGreaterThan(start + 2 * chance());
      assertThat(made.klPerCompletion()).as(method).isBetween(0.0, 15.0);
    }
  }

  @Test
  void theBestOfMoreIsHappier() {
    BestOfStage.Result result = (BestOfStage.Result) Jobs.BEST_OF.work().apply(context);

    List<Double> rewards =
        result.policies().values().stream().map(BestOfStage.Chosen::reward).toList();
    assertThat(rewards).hasSize(5).isSorted();
    BestOfStage.Chosen one = result.policies().get("best of 1");
    // The error of one is over 16 completions a prompt.
    assertThat(rewards.get(4)).isGreaterThan(one.reward() + 2 * 4 * one.rewardError());
    assertThat(result.policies().get("best of 16").kl())
        .isCloseTo(Math.log(16) - 15 / 16.0, within(1e-9));
    assertThat(result.rewardFit().rSquared()).isGreaterThan(0.95);
    assertThat(result.goldFit()).as("no gold was named").isNull();
  }
}
