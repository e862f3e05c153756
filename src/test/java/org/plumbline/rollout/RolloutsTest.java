package org.plumbline.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.cluster.Lease;
import org.plumbline.config.GenerationSettings;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelLease;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.model.Tokenizer;
import org.plumbline.stage.TaskTime;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.Tokens;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class RolloutsTest {
  private static final int PROMPTS = 24;
  private static final int NEW_TOKENS = 20;

  @TempDir Path folder;
  private TinyModel policy;
  private TinyModel reference;
  private TinyModel reward;

  @BeforeEach
  void writeModels() {
    policy = TinyModel.write(folder.resolve("policy"), 1, Head.VALUE);
    reference = TinyModel.write(folder.resolve("reference"), 2);
    reward = TinyModel.write(folder.resolve("reward"), 3, Head.SCORE);
  }

  private RolloutRequest request(double temperature, long seed) {
    return request(temperature, seed, 1, 1);
  }

  private RolloutRequest request(double temperature, long seed, int sample, int samples) {
    return request(
        new GenerationSettings(temperature, NEW_TOKENS, 7, 0, 0, 1, 0, 1, List.of()),
        seed,
        sample,
        samples);
  }

  private RolloutRequest request(GenerationSettings generation, long seed) {
    return request(generation, seed, 1, 1);
  }

  private RolloutRequest request(
      GenerationSettings generation, long seed, int sample, int samples) {
    return new RolloutRequest(
        4,
        sample,
        samples,
        "ppo",
        policy.uri(),
        reference.uri(),
        reward.uri(),
        policy.uri(),
        generation,
        seed);
  }

  private List<Row> rollouts(int tasks, RolloutRequest request) {
    TinyRun run =
        TinyRun.in(folder.resolve("run"), "cluster.rollout-tasks=" + tasks).prompts(PROMPTS);
    var prompts =
        Rollouts.numbered(
            PromptTokensTable.TABLE
                .read(run.context().spark(), run.context().run().at("tokens/prompts"))
                .where("split = 'train'")
                .orderBy("prompt_id"));
    RewardTerms terms = new RewardTerms(run.context(), request.reward());
    return Rollouts.of(run.context(), prompts, request, terms).orderBy("prompt_id").collectAsList();
  }

  @Test
  void theNumberOfTasksDoesNotShow() {
    List<Row> one = rollouts(1, request(1, 0));
    assertThat(one).hasSize(PROMPTS);
    assertThat(rollouts(2, request(1, 0))).isEqualTo(one);
    assertThat(rollouts(3, request(1, 0))).isEqualTo(one);
    List<Row> other = rollouts(2, request(1, 1));
    assertThat(completions(other)).isNotEqualTo(completions(one));
  }

  @Test
  void everyFigureIsWhatTheModelsSayOfTheCompletion() {
    double temperature = 0.7;
    List<Row> rows = rollouts(2, request(temperature, 0));
    try (LoadedModel sampled = policy.load(Head.VALUE);
        LoadedModel start = reference.load(Head.NONE);
        LoadedModel judge = reward.load(Head.SCORE);
        Tokenizer tokenizer = Tokenizer.open(policy.uri(), new Configuration());
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      for (Row row : rows) {
        int[] prompt = Tokens.ids(row, "prompt_ids");
        int[] response = Tokens.ids(row, "response_ids");
        TokenBatch alone = TokenBatch.of(List.of(new Sequence(prompt, response)), step);
        Decoder.PolicyOutputs said = sampled.decoder().policy(sampled.flat(), alone, temperature);
        float[] logprobs = Tokens.floats(row, "logprobs");
        float[] refLogprobs = Tokens.floats(row, "ref_logprobs");
        assertThat(logprobs).containsExactly(tail(said.logprobs(), response), within(1e-4f));
        assertThat(Tokens.floats(row, "values"))
            .containsExactly(tail(said.values(), response), within(1e-4f));
        assertThat(refLogprobs)
            .containsExactly(
                tail(start.decoder().logprobs(start.flat(), alone, temperature), response),
                within(1e-4f));
        assertThat(row.<Double>getAs("score"))
            .isCloseTo(judge.decoder().scores(judge.flat(), alone).getFloat(), within(1e-4));
        assertThat(row.<Double>getAs("kl"))
            .isCloseTo(sum(logprobs) - sum(refLogprobs), within(1e-9));
        assertThat(row.<String>getAs("completion")).isEqualTo(tokenizer.decode(response));
        assertThat(row.<Integer>getAs("iteration")).isEqualTo(4);
        assertThat(row.<Long>getAs("seed")).isZero();
      }
    }
  }

  private static float[] tail(ai.djl.ndarray.NDArray row, int[] response) {
    float[] all = row.toFloatArray();
    return Arrays.copyOfRange(all, all.length - response.length, all.length);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  /** With one token to choose from, rows are those of the greedy policy, and as probable. */
  @Test
  void whatCannotBeDrawnIsStillProbable() {
    List<Row> one =
        rollouts(2, request(new GenerationSettings(1, NEW_TOKENS, 7, 0, 1, 1, 0, 1, List.of()), 3));
    assertThat(one).containsExactlyElementsOf(rollouts(2, request(0, 3)));
    assertThat(Tokens.floats(one.get(0), "logprobs")[0]).isLessThan(-0.01f);
  }

  @Test
  void noCompletionEndsBeforeItsMinimum() {
    GenerationSettings settings =
        new GenerationSettings(1, NEW_TOKENS, 7, 5, 0, 1, 0, 1, List.of());
    assertThat(rollouts(2, request(settings, 0)))
        .allMatch(row -> Tokens.ids(row, "response_ids").length >= 5)
        .anyMatch(row -> row.getAs("finish").equals("stop"));
  }

  @Test
  void aCompletionStopsAtItsEndTokenOrIsCutOff() {
    List<Row> rows = rollouts(2, request(1, 0));
    for (Row row : rows) {
      int[] response = Tokens.ids(row, "response_ids");
      int end = Arrays.stream(response).boxed().toList().indexOf(TinyModel.END);
      if (row.getAs("finish").equals("stop")) {
        assertThat(end).isEqualTo(response.length - 1);
      } else {
        assertThat(end).isEqualTo(-1);
        assertThat(response).hasSize(NEW_TOKENS);
      }
    }
    assertThat(rows)
        .extracting(row -> row.<String>getAs("finish"))
        .contains("stop", "length")
        .containsOnly("stop", "length");
  }

  @Test
  void completionsOfAPromptAreDrawnEachOnItsOwn() {
    List<Row> together = rollouts(2, request(1, 0, 1, 3));
    assertThat(together).hasSize(3 * PROMPTS);
    for (int sample = 1; sample <= 3; sample++) {
      int wanted = sample;
      List<Row> alone = rollouts(1, request(1, 0, sample, 1));
      assertThat(
              together.stream()
                  .filter(row -> row.<Integer>getAs("sample") == wanted)
                  .map(row -> row.<String>getAs("completion")))
          .containsExactlyElementsOf(completions(alone));
    }
  }

  @Test
  void aPolicyIsNoDistanceFromItself() {
    RolloutRequest itself =
        new RolloutRequest(
            0,
            1,
            1,
            "start",
            policy.uri(),
            policy.uri(),
            "",
            "",
            new GenerationSettings(1, NEW_TOKENS, 7, 0, 0, 1, 0, 1, List.of()),
            0);
    for (Row row : rollouts(2, itself)) {
      assertThat(row.<Double>getAs("kl")).isZero();
      assertThat(row.isNullAt(row.fieldIndex("values"))).isTrue();
      assertThat(row.isNullAt(row.fieldIndex("score"))).isTrue();
    }
    RolloutRequest unmeasured =
        new RolloutRequest(0, 1, 1, "start", policy.uri(), "", "", "", itself.generation(), 0);
    Row row = rollouts(2, unmeasured).get(0);
    assertThat(row.isNullAt(row.fieldIndex("kl"))).isTrue();
    assertThat(row.isNullAt(row.fieldIndex("ref_logprobs"))).isTrue();
  }

  @Test
  void whatIsTakenGreedilyIsScoredAtTemperature1() {
    assertThat(request(0, 0).scoringTemperature()).isEqualTo(1);
    assertThat(request(0.7, 0).scoringTemperature()).isEqualTo(0.7);
    List<Row> rows = rollouts(2, request(0, 0));
    assertThat(completions(rollouts(2, request(0, 5)))).isEqualTo(completions(rows));
    try (LoadedModel sampled = policy.load(Head.NONE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      Row row = rows.get(0);
      int[] response = Tokens.ids(row, "response_ids");
      TokenBatch alone =
          TokenBatch.of(List.of(new Sequence(Tokens.ids(row, "prompt_ids"), response)), step);
      assertThat(Tokens.floats(row, "logprobs"))
          .containsExactly(
              tail(sampled.decoder().logprobs(sampled.flat(), alone, 1), response), within(1e-4f));
    }
  }

  @Test
  void thirtyBatchesLeaveNoArraysBehind() throws Exception {
    TinyRun run = TinyRun.in(folder.resolve("run"));
    RolloutTask task =
        new RolloutTask(
            request(1, 0),
            Map.of("score", reward.uri()),
            1,
            Compute.FLOAT32,
            ChatTemplate.of("dialogue", policy.uri(), new Configuration()),
            new org.apache.spark.util.SerializableConfiguration(
                run.context().run().configuration()),
            new TaskTime(new LongAccumulator()),
            new TaskTime(new LongAccumulator()));
    List<Prompt> prompts =
        List.of(
            new Prompt(TinyRun.promptId(1), new int[] {2, 3, 4}, 1, null, null),
            new Prompt(TinyRun.promptId(2), new int[] {5, 6}, 1, null, null));
    task.run(prompts);
    List<Integer> before = arrays();
    for (int i = 0; i < 30; i++) {
      task.run(prompts);
    }
    assertThat(before).containsExactly(1, 1, 1); // the weights of each
    assertThat(arrays()).isEqualTo(before);
  }

  /** Arrays in the capped managers of the models that the task has leased. */
  private List<Integer> arrays() throws Exception {
    List<Integer> counts = new ArrayList<>();
    Configuration conf = new Configuration();
    try (Lease<LoadedModel> a =
            ModelLease.of("policy", policy.uri(), Head.VALUE, Compute.FLOAT32, conf);
        Lease<LoadedModel> b =
            ModelLease.of("reference", reference.uri(), Head.NONE, Compute.FLOAT32, conf);
        Lease<LoadedModel> c =
            ModelLease.of("reward score", reward.uri(), Head.SCORE, Compute.FLOAT32, conf)) {
      for (Lease<LoadedModel> lease : List.of(a, b, c)) {
        counts.add(lease.value().flat().getManager().getManagedArrays().size());
      }
    }
    return counts;
  }

  private static List<String> completions(List<Row> rows) {
    return rows.stream().map(row -> row.<String>getAs("completion")).toList();
  }
}
