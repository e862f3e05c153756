package org.plumbline.bench;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.SettingsReader;
import org.plumbline.curate.CurateStage;
import org.plumbline.evaluate.BestOfStage;
import org.plumbline.evaluate.Optimization;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.policy.PolicyStage;
import org.plumbline.reward.RewardStage;
import org.plumbline.rollout.HeldOutRollouts;
import org.plumbline.rollout.RewardTerms;
import org.plumbline.rollout.RolloutRequest;
import org.plumbline.rollout.Rollouts;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.Split;
import org.plumbline.tokens.TokensStage;
import org.plumbline.train.TrainedModel;

/**
 * A run whose reward model learned from labels that are partly wrong, while the truth is known: the
 * mean value of a story's words. So it can be seen how much of what the reward model gains is true
 * (Gao et al. 2023, arXiv:2210.10760).
 */
final class NoisyRewardRun {
  private static final int TOKENS = 48;
  private static final String GOLD = "truth";

  private final SparkSession spark;
  private final Path folder;
  private final String model;
  private final String gold;
  private final long seed;
  private final List<String> shared;
  private StageContext run;

  NoisyRewardRun(SparkSession spark, Path folder, Path model, Path lexicon, long seed)
      throws IOException {
    this.spark = spark;
    this.folder = folder;
    this.model = model.toUri().toString();
    this.seed = seed;
    this.gold = "{name: %s, function: lexicon, argument: '%s', weight: 0}".formatted(GOLD, lexicon);
    Path prompts = Files.write(folder.resolve("prompts.jsonl"), StoryOpenings.lines());
    this.shared =
        List.of(
            "seed=" + seed,
            "model.path=" + this.model,
            "feedback.prompts=" + prompts,
            "tokens.chat-template=plain",
            "tokens.max-length=128",
            "tokens.max-prompt-length=32",
            "evaluate.prompts=32",
            "evaluate.generation.max-new-tokens=" + TOKENS,
            "evaluate.generation.batch-size=64");
  }

  private StageContext context(String name, String... more) {
    List<String> all = new ArrayList<>(shared);
    all.addAll(List.of(more));
    return new StageContext(
        spark,
        new RunFolder(
            folder.resolve(name).toUri().toString(), spark.sparkContext().hadoopConfiguration()),
        SettingsReader.read(List.of(), all),
        new Lines());
  }

  /**
   * Draws pairs of completions, has them compared, and trains the reward model on that.
   *
   * @param sets settings of all that follows
   */
  void trainReward(double noise, int pairs, List<String> sets) throws IOException {
    StageContext labels = context("labels", "reward.terms=[%s]".formatted(gold));
    new FeedbackStage(labels).execute();
    new TokensStage(labels, model).execute();
    Path feedback = Files.write(folder.resolve("feedback.jsonl"), judgments(labels, noise, pairs));
    run =
        context(
            "run",
            Stream.concat(
                    Stream.of(
                        "feedback.input=" + feedback,
                        "reward.learning-rate=1e-3",
                        "reward.epochs=4",
                        "reward.terms=[{model: trained}, %s]".formatted(gold),
                        "best-of.gold=" + GOLD,
                        "ppo.learning-rate=5e-4",
                        "ppo.kl-coef=0",
                        "ppo.batch-size=64",
                        "ppo.mini-batch-size=32",
                        "ppo.epochs=2",
                        "ppo.generation.max-new-tokens=" + TOKENS,
                        "ppo.generation.batch-size=64",
                        "ppo.control.gold=" + GOLD,
                        "ppo.control.max-kl=1000",
                        "ppo.control.action=warn"),
                    sets.stream())
                .toArray(String[]::new));
    new FeedbackStage(run).execute();
    new CurateStage(run).execute();
    new TokensStage(run, model).execute();
    new RewardStage(run, model).execute();
  }

  /** Which of two completions is worth more, but for a share of the answers the other. */
  private List<String> judgments(StageContext labels, double noise, int pairs) throws IOException {
    RewardTerms terms = new RewardTerms(labels, "");
    JavaPairRDD<Long, Row> prompts =
        Rollouts.numbered(
            terms
                .prompts(
                    Split.rows(
                        PromptTokensTable.TABLE.read(spark, labels.run().at("tokens/prompts")),
                        Split.TRAIN))
                .orderBy("prompt_id"));
    RolloutRequest request =
        new RolloutRequest(
            0,
            1,
            2 * pairs,
            "start",
            model,
            "",
            "",
            "",
            labels.settings().evaluate().generation(),
            seed);
    List<Row> drawn =
        Rollouts.of(labels, prompts, request, terms)
            .join(
                PromptsTable.TABLE
                    .read(spark, labels.run().at("prompts"))
                    .select(col("prompt_id"), PromptsTable.question().as("question")),
                "prompt_id")
            .orderBy("prompt_id", "sample")
            .collectAsList();
    SplittableRandom random = new SplittableRandom(seed);
    ObjectMapper json = new ObjectMapper();
    List<String> judgments = new ArrayList<>();
    for (int i = 0; i < drawn.size(); i += 2) {
      Row first = drawn.get(i);
      Row second = drawn.get(i + 1);
      boolean wrong = random.nextDouble() < noise;
      if (worth(first) == worth(second) || text(first).isEmpty() || text(second).isEmpty()) {
        continue;
      }
      judgments.add(
          json.writeValueAsString(
              Map.of(
                  "prompt",
                  first.getAs("question"),
                  "kind",
                  "choice",
                  "responses",
                  List.of(Map.of("text", text(first)), Map.of("text", text(second))),
                  "choice",
                  worth(second) > worth(first) != wrong ? 1 : 0,
                  "annotator",
                  "noisy",
                  "split",
                  Split.TRAIN)));
    }
    return judgments;
  }

  private static String text(Row rollout) {
    return rollout.getAs("completion");
  }

  private static double worth(Row rollout) {
    return (double) rollout.getJavaMap(rollout.fieldIndex("terms")).get(GOLD);
  }

  private String reward() throws IOException {
    return TrainedModel.of(run.run(), "reward").orElseThrow();
  }

  BestOfStage.Result bestOf() throws IOException {
    new HeldOutRollouts(run)
        .draw(model, reward(), run.settings().bestOf().samples(), BestOfStage.ROLLOUTS);
    return new BestOfStage(run).execute();
  }

  /** The figures of each iteration of the loop. */
  List<Map<String, Double>> reinforce() throws IOException {
    new PolicyStage(run, model, reward()).execute();
    return List.copyOf(
        MetricsTable.bySteps(MetricsTable.TABLE.read(spark, run.run().at("ppo/metrics"))).values());
  }

  /** Iterations that the policy has taken that came out. */
  long kept() throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("run/ppo/best.json").toFile())
        .get("step")
        .asLong();
  }

  Optimization optimization() {
    return Optimization.of(run).orElseThrow();
  }

  /** Tells on standard error what is said, and how far it is. */
  private static final class Lines implements Progress {
    @Override
    public Bar begin(String task, long total) {
      return new Bar() {
        @Override
        public void at(long done, String note) {
          System.err.printf("%s %d/%d %s%n", task, done, total, note);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void say(String line) {
      System.err.println(line);
    }
  }
}
