package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.prefer.PreferStage;
import org.plumbline.reward.RewardStage;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Training that is evaluated on held-out rows as it goes on. */
class EvaluationTest {
  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 4);
  }

  /** Eight updates on 16 pairs, evaluated on four others after every second one. */
  private TinyRun run(String name, String... more) {
    String[] sets = {
      "dpo.batch-size=4",
      "dpo.micro-batch-size=2",
      "dpo.steps-per-stage=3",
      "dpo.epochs=2",
      "dpo.learning-rate=0.01",
      "dpo.eval.every=2"
    };
    return TinyRun.in(
            folder.resolve(name),
            Stream.concat(Arrays.stream(sets), Arrays.stream(more)).toArray(String[]::new))
        .pairs(16);
  }

  private PreferStage.Result train(StageContext context) {
    return new PreferStage(context, model.uri()).execute();
  }

  private static List<String> checkpoints(TinyRun run) throws IOException {
    Path parent = Path.of(URI.create(run.context().run().at("dpo/checkpoint")));
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The mean log-probability of held-out pairs' chosen responses, asked of a checkpoint itself. */
  private static double chosenLogprob(TinyRun run, String checkpoint) {
    List<TokenPair> pairs =
        PairTokensTable.TABLE
            .read(run.context().spark(), run.context().run().at("tokens/pairs"))
            .where("split = 'heldout'")
            .collectAsList()
            .stream()
            .map(TokenPair::of)
            .toList();
    try (LoadedModel loaded = TinyModel.load(checkpoint, Head.NONE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      PairBatch batch = PairBatch.of(pairs, step);
      return batch
              .chosen(loaded.decoder().logprobs(loaded.flat(), batch.tokens(), 1))
              .sum()
              .getFloat()
          / pairs.size();
    }
  }

  @Test
  void theFiguresAreOfTheCheckpointThatComesOut() throws IOException {
    TinyRun run = run("run", "dpo.eval.metric=margin");

    PreferStage.Result result = train(run.context());

    assertThat(run.metric("dpo", "loss")).hasSize(8);
    for (String name : List.of("loss", "accuracy", "margin", "chosen_reward", "rejected_logprob")) {
      assertThat(run.metric("dpo", "eval_" + name)).as(name).containsOnlyKeys(2L, 4L, 6L, 8L);
    }
    TreeMap<Long, Double> margins = run.metric("dpo", "eval_margin");
    assertThat(result.heldOut().get("eval_margin"))
        .isPositive()
        .isEqualTo(margins.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    assertThat(result.heldOut().get("eval_chosen_logprob"))
        .isCloseTo(chosenLogprob(run, result.checkpoint()), within(1e-4));
    assertThat(TrainedModel.of(run.context().run(), "dpo")).contains(result.checkpoint());
    assertThat(checkpoints(run)).contains("step-00000008").hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void whatNoLongerGetsBetterEndsAndTheBestIsKept() throws IOException {
    // so slow that nothing changes
    TinyRun run = run("run", "dpo.learning-rate=1e-30", "dpo.eval.patience=2");

    PreferStage.Result result = train(run.context());

    assertThat(result.steps()).isEqualTo(6);
    assertThat(result.checkpoint()).endsWith("dpo/checkpoint/step-00000002");
    assertThat(result.heldOut().get("eval_loss")).isCloseTo(Math.log(2), within(1e-5));
    assertThat(checkpoints(run)).containsExactly("step-00000002", "step-00000004", "step-00000006");
    assertThat(run.metric("dpo", "eval_loss")).containsOnlyKeys(2L, 4L, 6L);
    // once more changes nothing
    assertThat(train(Interruption.resumed(run.context()))).isEqualTo(result);
  }

  @Test
  void withoutEvaluationTheLastComesOutAgain() {
    TinyRun run = run("run", "dpo.learning-rate=1e-30");
    assertThat(train(run.context()).checkpoint()).endsWith("step-00000002");
    StageContext again = run("run", "dpo.eval.every=0").context();
    assertThat(train(again).checkpoint()).endsWith("step-00000008");
    assertThat(run.context().run().has("dpo/best.json")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1,2", "1,4", "2,4", "2,6"})
  void resumedBitForBit(int ranks, long stop) {
    String[] sets = {"cluster.ranks=" + ranks, "dpo.eval.patience=3", "dpo.eval.metric=accuracy"};
    TinyRun calm = run("calm", sets);
    PreferStage.Result expected = train(calm.context());
    TinyRun stopped = run("stopped", sets);
    assertThatThrownBy(() -> train(Interruption.at(stop, stopped.context())))
        .isInstanceOf(Interruption.class);

    PreferStage.Result resumed = train(Interruption.resumed(stopped.context()));

    assertThat(resumed).usingRecursiveComparison().ignoringFields("checkpoint").isEqualTo(expected);
    for (String file : List.of("model.safetensors", "plumbline/state.json")) {
      assertThat(Path.of(URI.create(resumed.checkpoint() + "/" + file)))
          .as(file)
          .hasSameBinaryContentAs(Path.of(URI.create(expected.checkpoint() + "/" + file)));
    }
    for (String name : calm.metrics("dpo")) {
      assertThat(stopped.metric("dpo", name)).as(name).isEqualTo(calm.metric("dpo", name));
    }
  }

  @Test
  void ranksShareWhatIsHeldOut() {
    TinyRun one = run("one");
    TinyRun two = run("two", "cluster.ranks=2");
    train(one.context());
    train(two.context());
    for (String name : List.of("eval_loss", "eval_accuracy", "eval_margin")) {
      one.metric("dpo", name)
          .forEach(
              (step, value) ->
                  assertThat(two.metric("dpo", name).get(step))
                      .as("%s at %d", name, step)
                      .isCloseTo(value, within(1e-4)));
    }
  }

  @Test
  void soAreRewardModelsAndImitation() {
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "model.path=" + model.uri(),
                "sft.batch-size=8",
                "sft.learning-rate=0.01",
                "sft.eval.every=1",
                "reward.batch-size=8",
                "reward.learning-rate=0.01",
                "reward.cross-prompt-pairs=1",
                "reward.eval.every=2",
                "reward.eval.metric=accuracy")
            .pairs(16)
            .demonstrations(16);
    String start = new SftStage(run.context()).execute().checkpoint();
    new RewardStage(run.context(), start).execute();
    assertThat(run.metric("sft", "eval_loss")).containsOnlyKeys(1L, 2L);
    assertThat(run.metric("sft", "eval_loss").get(2L))
        .isLessThan(run.metric("sft", "eval_loss").get(1L));
    assertThat(run.metric("reward", "eval_accuracy")).containsOnlyKeys(2L);
    assertThat(run.metrics("reward")).contains("eval_cross_prompt_accuracy", "eval_margin");
  }

  @ParameterizedTest
  @CsvSource({
    "dpo.eval.every=0,dpo.eval.patience=2,Invalid dpo.eval.patience: 2 (must be 0 where"
        + " dpo.eval.every is 0)",
    "dpo.eval.every=5,cluster.mode=local-rounds,Invalid dpo.eval.every: 5 (must be 0 where"
        + " cluster.mode is local-rounds)"
  })
  void saysWhatDoesNotGoTogether(String one, String other, String message) {
    assertThatThrownBy(() -> train(run("run", one, other).context())).hasMessage(message);
  }

  @Test
  void saysWhenNothingIsHeldOutOrThereIsNoSuchFigure() {
    TinyRun all = TinyRun.in(folder.resolve("all"), "dpo.eval.every=2").pairs(3);
    assertThatThrownBy(() -> train(all.context()))
        .hasMessage("Invalid dpo.eval.every: 2 (must be 0, as there are no held-out rows)");
    assertThatThrownBy(() -> run("sft", "sft.eval.metric=margin"))
        .hasMessageContaining("Invalid sft.eval.metric: margin (must be loss)");
  }
}
