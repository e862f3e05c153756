package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.cluster.Gangs;
import org.plumbline.cluster.Lease;
import org.plumbline.config.ModelSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Lora;
import org.plumbline.model.MergedFolder;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelLease;
import org.plumbline.model.WeightType;
import org.plumbline.policy.PolicyStage;
import org.plumbline.prefer.PreferStage;
import org.plumbline.reward.RewardStage;
import org.plumbline.sft.SftStage;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.ScoresTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Stages that train adapters: what they leave, what they go on from, and what they leave alone. */
class LoraTrainingTest {
  private static final Configuration CONF = new Configuration();

  @TempDir Path folder;
  private TinyModel model;
  private byte[] weights;

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModel.write(folder.resolve("model"), 7);
    weights = Files.readAllBytes(model.folder().resolve("model.safetensors"));
  }

  private TinyRun run(String name, String... sets) {
    Stream<String> common =
        Stream.of(
            "model.path=" + model.uri(),
            "sft.batch-size=8",
            "sft.epochs=4",
            "sft.learning-rate=0.02",
            "sft.lora.rank=2",
            "dpo.batch-size=8",
            "dpo.epochs=4",
            "dpo.learning-rate=0.02",
            "dpo.lora.rank=2");
    return TinyRun.in(
        folder.resolve(name), Stream.concat(common, Stream.of(sets)).toArray(String[]::new));
  }

  private static NavigableSet<String> files(String checkpoint) throws IOException {
    return Checkpoint.open(checkpoint, CONF).files();
  }

  @Test
  void imitationMovesAdaptersOnly() throws Exception {
    TinyRun run = run("run").demonstrations(16);
    SftStage.Result result = new SftStage(run.context()).execute();

    assertThat(result.loss()).isLessThan(run.metric("sft", "loss").get(1L) - 0.2);
    assertThat(files(result.checkpoint()))
        .containsExactly(
            "adapter_config.json",
            "adapter_model.safetensors",
            "config.json",
            "plumbline/optimizer.safetensors",
            "plumbline/state.json",
            "tokenizer.json",
            "tokenizer_config.json");
    Path file = Path.of(URI.create(result.checkpoint() + "/adapter_config.json"));
    JsonNode config = new ObjectMapper().readTree(file.toFile());
    assertThat(config.get("base_model_name_or_path").asText()).isEqualTo(model.folder().toString());
    assertThat(config.get("r").asInt()).isEqualTo(2);
    assertThat(config.get("lora_alpha").asInt()).isEqualTo(16);
    assertThat(config.get("target_modules")).hasSize(7);
    assertThat(model.folder().resolve("model.safetensors")).hasBinaryContent(weights);
  }

  @Test
  void aPolicyOfAdaptersHasTheirStartForAReference() throws Exception {
    TinyRun run = run("run").demonstrations(16).pairs(16);
    SftStage.Result start = new SftStage(run.context()).execute();

    PreferStage.Result result = new PreferStage(run.context(), start.checkpoint()).execute();

    assertThat(run.metric("dpo", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-5));
    assertThat(result.loss()).isLessThan(0.6);
    assertThat(result.accuracy()).isEqualTo(1);
    assertThat(new ModelFolder(result.checkpoint(), CONF).base().uri())
        .as("adapters on adapters are adapters of the same base")
        .isEqualTo("file:" + model.folder());
    String merged = folder.resolve("merged").toUri().toString();
    MergedFolder.write(result.checkpoint(), merged, WeightType.F32, CONF);
    assertThat(TinyModel.weights(merged, Head.NONE))
        .isEqualTo(TinyModel.weights(result.checkpoint(), Head.NONE))
        .isNotEqualTo(TinyModel.weights(start.checkpoint(), Head.NONE));
    assertThat(model.folder().resolve("model.safetensors")).hasBinaryContent(weights);
  }

  @Test
  void withAdaptersOffTheBaseIsTheReference() {
    TinyRun run = run("run").pairs(16);
    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();
    assertThat(run.metric("dpo", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-5));
    assertThat(result.loss()).isLessThan(0.6);
  }

  @Test
  void adaptersMergeWhereAllWeightsAreTrained() throws Exception {
    TinyRun run = run("run", "dpo.lora.rank=0").demonstrations(16).pairs(16);
    SftStage.Result start = new SftStage(run.context()).execute();
    PreferStage.Result result = new PreferStage(run.context(), start.checkpoint()).execute();
    assertThat(run.metric("dpo", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-5));
    assertThat(files(result.checkpoint()))
        .contains("model.safetensors", "config.json")
        .doesNotContain("adapter_config.json", "adapter_model.safetensors");
  }

  @Test
  void theRewardModelKeepsItsHeadWithItsAdapters() {
    TinyRun run =
        run(
                "run",
                "reward.lora.rank=4",
                "reward.batch-size=16",
                "reward.epochs=10",
                "reward.learning-rate=0.02")
            .pairs(32);
    RewardStage.Result result = new RewardStage(run.context(), model.uri()).execute();
    assertThat(run.metric("reward", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-6));
    assertThat(result.loss()).isLessThan(0.3);
    assertThat(result.accuracyHeldOut()).isGreaterThanOrEqualTo(0.875);
    // Scores come from adapters beside their base, and are those of the merged model.
    Row scored =
        ScoresTable.TABLE
            .read(run.context().spark(), run.context().run().at("reward/scores"))
            .join(
                PairTokensTable.TABLE.read(
                    run.context().spark(), run.context().run().at("tokens/pairs")),
                "pair_id")
            .head();
    try (LoadedModel merged = TinyModel.load(result.checkpoint(), Head.SCORE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      PairBatch batch = PairBatch.of(List.of(TokenPair.of(scored)), step);
      float[] scores = merged.decoder().scores(merged.flat(), batch.tokens()).toFloatArray();
      assertThat((double) scores[0])
          .isCloseTo(scored.<Double>getAs("chosen_score"), within(1e-5))
          .isNotZero();
    }
  }

  @Test
  void ppoTrainsAdaptersAndAValueHead() throws Exception {
    TinyModel reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
    TinyRun run =
        run(
                "run",
                "ppo.lora.rank=2",
                "ppo.iterations=3",
                "ppo.batch-size=4",
                "ppo.mini-batch-size=2",
                "ppo.epochs=2",
                "ppo.learning-rate=0.02",
                "ppo.generation.max-new-tokens=8")
            .prompts(9);
    PolicyStage.Result result = new PolicyStage(run.context(), model.uri(), reward.uri()).execute();
    assertThat(run.metric("ppo", "kl").get(1L)).isCloseTo(0, within(1e-4));
    assertThat(Math.abs(result.kl())).isGreaterThan(1e-3);
    assertThat(files(result.checkpoint()))
        .contains("adapter_model.safetensors", "plumbline/value_head.safetensors")
        .doesNotContain("model.safetensors");
    float[] merged = TinyModel.weights(result.checkpoint(), Head.VALUE);
    assertThat(merged[merged.length - 1]).as("the bias of the value head").isNotZero();
  }

  /** The base is frozen, so bfloat16 in memory; adapters have float32 masters. */
  @Test
  void adaptersLearnOnABaseInBfloat16() throws Exception {
    TinyRun run = run("run", "model.compute=bfloat16").demonstrations(16).pairs(16);
    SftStage.Result start = new SftStage(run.context()).execute();
    assertThat(start.loss()).isLessThan(run.metric("sft", "loss").get(1L) - 0.2);
    TinyRun exact = run("exact").demonstrations(16);
    new SftStage(exact.context()).execute();
    exact
        .metric("sft", "loss")
        .forEach(
            (step, loss) ->
                assertThat(run.metric("sft", "loss").get(step)).isCloseTo(loss, within(0.05)));

    PreferStage.Result result = new PreferStage(run.context(), start.checkpoint()).execute();
    assertThat(run.metric("dpo", "loss").get(1L)).isCloseTo(Math.log(2), within(1e-5));
    assertThat(result.loss()).isLessThan(0.6);
    try (Lease<LoadedModel> base =
        ModelLease.base(
            new ModelFolder(result.checkpoint(), CONF),
            Head.NONE,
            Compute.BFLOAT16,
            Device.cpu())) {
      assertThat(WeightType.of(base.value().flat())).isEqualTo(WeightType.BF16);
    }
    assertThat(model.folder().resolve("model.safetensors")).hasBinaryContent(weights);
  }

  @Test
  void saysWhatDoesNotGoTogether() throws Exception {
    TinyRun run = run("run", "dpo.lora.rank=3").demonstrations(16).pairs(16);
    SftStage.Result start = new SftStage(run.context()).execute();
    assertThatThrownBy(() -> new PreferStage(run.context(), start.checkpoint()).execute())
        .hasStackTraceContaining("Cannot go on with the adapters of " + start.checkpoint());
    Files.delete(model.folder().resolve("model.safetensors"));
    TinyRun empty = run("empty").demonstrations(16);
    assertThatThrownBy(() -> new SftStage(empty.context()).execute())
        .hasStackTraceContaining("Cannot adapt model " + model.uri() + ": it has no weights");
  }

  /** Adapters, their gradient and its two moments, and of the base nothing but its weights. */
  @Test
  void aReplicaHasNoGradientOfTheBase() {
    String from = model.uri();
    List<Long> sizes =
        Gangs.run(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .parallelize(List.of(1), 1),
            1,
            (gang, rows) -> {
              Decoder.prepareThread(1);
              Optional<Lora> lora = Optional.of(new Lora(2, 4, false, List.of("q_proj")));
              ModelSettings settings = new ModelSettings("", "float32", false);
              ModelFolder start = new ModelFolder(from, new Configuration());
              try (Replica replica =
                  Replica.begin(gang, start, Head.VALUE, settings, lora, 0, Device.cpu())) {
                float[] before = replica.flat().toFloatArray();
                TokenPair pair =
                    new TokenPair(new int[] {2, 3, 4}, new int[] {5, 6, 0}, new int[] {7, 0}, 1, 1);
                for (int i = 0; i < 3; i++) {
                  Sums sums = new Sums();
                  replica.accumulate(new LikelyPairs(), List.of(pair), sums);
                  replica.update(
                      gang,
                      sums,
                      0.01,
                      new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1, 0, "constant", 5));
                }
                assertThat(replica.flat().toFloatArray()).isEqualTo(before);
                return List.of(
                        (long) replica.trained().getManager().getManagedArrays().size(),
                        (long) replica.flat().getManager().getManagedArrays().size(),
                        replica.trained().size())
                    .iterator();
              }
            });
    // two layers of A [2, 16] and B [16, 2]; a head of 16 and a bias
    assertThat(sizes).containsExactly(4L, 1L, 2L * (32 + 32) + 17);
  }
}
