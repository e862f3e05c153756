package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.cluster.Lease;

/** Folders of adapters in PEFT's layout, in and out. */
class AdapterFolderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Configuration CONF = new Configuration();
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {3, 14, 15}, new int[] {9, 26, 5, 35}),
          new Sequence(new int[] {8}, new int[] {9, 7, 9, 32, 38, 4}));

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @BeforeEach
  void prepare() {
    Decoder.prepareThread(1);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private ModelFolder base(String config, Head head) throws IOException {
    return TinyModels.write(folder.resolve("base"), config, head);
  }

  private PeftFolder llama() throws IOException {
    return PeftFolder.llama(folder.resolve("adapters"));
  }

  /** What W + 3 B A comes to, worked out apart from the kernels. */
  private static void assertMerged(
      PeftFolder peft, float[] merged, ModelFolder base, boolean turned) throws IOException {
    try (Decoder decoder = base.decoder(Head.NONE);
        NDManager scope = NDManager.newBaseManager("PyTorch")) {
      NDArray weights = Weights.load(decoder, base, scope);
      for (String name : peft.matrices().keySet()) {
        if (name.endsWith(".lora_A.weight")) {
          PeftFolder.Matrix a = peft.matrices().get(name);
          PeftFolder.Matrix b = peft.matrices().get(name.replace("lora_A", "lora_B"));
          NDArray delta =
              scope
                  .create(b.values(), new Shape(b.rows(), b.columns()))
                  .matMul(scope.create(a.values(), new Shape(a.rows(), a.columns())))
                  .mul(3);
          String weight = name.replace("base_model.model.", "").replace("lora_A.", "");
          Layout.Slot slot = decoder.layout().slots().get(weight);
          int from = (int) slot.offset();
          int to = from + (int) slot.parameter().size();
          NDArray before = weights.get(from + ":" + to);
          NDArray expected = before.add((turned ? delta.transpose() : delta).flatten());
          assertThat(Arrays.copyOfRange(merged, from, to))
              .as(weight)
              .containsExactly(expected.toFloatArray(), within(1e-6f));
        }
      }
    }
  }

  @Test
  void opensWhatPeftWroteForLlama() throws Exception {
    ModelFolder base = base(TinyModels.LLAMA, Head.NONE);
    PeftFolder peft = llama();
    ModelFolder written = peft.write();
    assertThat(written.lora()).contains(new Lora(2, 6, false, List.of("v_proj", "q_proj")));
    try (LoadedModel model = LoadedModel.load(written.uri(), Head.NONE, CONF)) {
      assertMerged(peft, model.flat().toFloatArray(), base, false);
    }
  }

  @Test
  void opensWhatPeftWroteForGpt2() throws Exception {
    ModelFolder base = base(TinyModels.GPT2, Head.NONE);
    PeftFolder peft = PeftFolder.gpt2(folder.resolve("adapters"));
    try (LoadedModel model = LoadedModel.load(peft.write().uri(), Head.NONE, CONF)) {
      assertMerged(peft, model.flat().toFloatArray(), base, true);
    }
  }

  @Test
  void takesTheScoreHeadFromPeft() throws Exception {
    base(TinyModels.LLAMA, Head.NONE);
    PeftFolder peft = llama().scoring();
    float[] head = peft.matrices().get("base_model.model.score.weight").values();
    try (LoadedModel model = LoadedModel.load(peft.write().uri(), Head.SCORE, CONF)) {
      assertThat(model.flat().toFloatArray()).endsWith(head);
    }
  }

  /** Such a base has no language-model head. */
  @Test
  void theBaseMayBeARewardModel() throws Exception {
    String classifier =
        TinyModels.LLAMA.replace("{", "{\"architectures\": [\"LlamaForSequenceClassification\"], ");
    base(classifier, Head.SCORE);
    String uri = llama().write().uri();
    TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
    try (Lease<LoadedModel> lease = lease("reward", uri, Head.SCORE);
        LoadedModel merged = LoadedModel.load(uri, Head.SCORE, CONF)) {
      LoadedModel model = lease.value();
      float[] scores = merged.decoder().scores(merged.flat(), batch).toFloatArray();
      assertThat(model.decoder().scores(model.flat(), batch).toFloatArray())
          .containsExactly(scores, within(1e-5f))
          .doesNotContain(0);
    }
    assertThatThrownBy(() -> lease("policy", uri, Head.VALUE))
        .hasMessageEndingWith("no weight lm_head.weight");
  }

  @Test
  void aHeadThatAdaptersDoNotBringIsThatOfTheBase() throws Exception {
    ModelFolder base = base(TinyModels.GPT2, Head.VALUE);
    String uri = PeftFolder.gpt2(folder.resolve("adapters")).write().uri();
    try (LoadedModel model = LoadedModel.load(uri, Head.VALUE, CONF);
        LoadedModel whole = LoadedModel.load(base.uri(), Head.VALUE, CONF)) {
      float[] all = whole.flat().toFloatArray();
      float[] head = Arrays.copyOfRange(all, all.length - 17, all.length);
      assertThat(head).doesNotContain(0);
      assertThat(model.flat().toFloatArray()).isNotEqualTo(all).endsWith(head);
    }
  }

  @ParameterizedTest
  @CsvSource({"llama, NONE", "llama, SCORE", "gpt2, VALUE"})
  void readsBackWhatItWrote(String family, Head head) throws Exception {
    ModelFolder base = base(family.equals("gpt2") ? TinyModels.GPT2 : TinyModels.LLAMA, Head.NONE);
    Lora lora = new Lora(3, 4.5, true, List.of(Lora.ALL_LINEAR));
    try (Decoder decoder = base.decoder(head, Compute.FLOAT32, Optional.of(lora))) {
      NDArray adapters = TinyModels.random(decoder.trained(), manager);
      ModelFolder written = write(decoder, adapters, base);
      assertThat(written.isAdapter()).isTrue();
      assertThat(written.base().config()).isEqualTo(base.config());
      Lora found = written.lora().orElseThrow();
      assertThat(found.scale()).isEqualTo(lora.scale());
      NDArray back = AdapterFile.load(decoder, written, 0, manager);
      assertThat(back.toFloatArray()).isEqualTo(adapters.toFloatArray());
    }
  }

  private ModelFolder write(Decoder decoder, NDArray adapters, ModelFolder base)
      throws IOException {
    Path to = folder.resolve("written/plumbline").getParent();
    Files.createDirectories(to.resolve("plumbline"));
    ModelFolder.FileOpener opener = name -> Files.newOutputStream(to.resolve(name));
    AdapterFile.write(decoder, adapters, base, to.toUri().toString(), opener);
    if (decoder.head() == Head.VALUE) {
      Weights.writeValueHead(decoder, adapters, opener.open(Weights.VALUE_FILE));
    }
    return new ModelFolder(to.toUri().toString(), CONF);
  }

  @Test
  void writesTheNamesThatPeftLooksFor() throws Exception {
    ModelFolder base = base(TinyModels.LLAMA, Head.NONE);
    Lora lora = new Lora(2, 6, false, List.of("q_proj", "v_proj"));
    try (Decoder decoder = base.decoder(Head.SCORE, Compute.FLOAT32, Optional.of(lora))) {
      write(decoder, TinyModels.random(decoder.trained(), manager), base);
    }
    Path to = folder.resolve("written");
    var file = SafetensorsTest.read(Files.readAllBytes(to.resolve("adapter_model.safetensors")));
    assertThat(file.values().keySet())
        .containsExactlyInAnyOrderElementsOf(llama().scoring().matrices().keySet());
    assertThat(file.shapes().get("base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight"))
        .containsExactly(12, 2);
    assertThat(JSON.readTree(to.resolve("adapter_config.json").toFile()))
        .isEqualTo(
            JSON.readTree(
                """
                {"peft_type": "LORA", "task_type": "SEQ_CLS", "base_model_name_or_path": "%s",
                 "inference_mode": true, "r": 2, "lora_alpha": 6, "use_rslora": false,
                 "lora_dropout": 0.0, "bias": "none", "init_lora_weights": true,
                 "fan_in_fan_out": false, "target_modules": ["q_proj", "v_proj"],
                 "modules_to_save": ["score"]}
                """
                    .formatted(folder.resolve("base"))));
  }

  @Test
  void namesAllLinearLayersOneByOne() throws Exception {
    ModelFolder base = base(TinyModels.GPT2, Head.NONE);
    Lora lora = new Lora(2, 0.5, false, List.of(Lora.ALL_LINEAR));
    try (Decoder decoder = base.decoder(Head.NONE, Compute.FLOAT32, Optional.of(lora))) {
      write(decoder, TinyModels.random(decoder.trained(), manager), base);
    }
    JsonNode config = JSON.readTree(folder.resolve("written/adapter_config.json").toFile());
    assertThat(config.get("target_modules"))
        .map(JsonNode::asText)
        .containsExactly("c_attn", "c_fc", "c_proj");
    assertThat(config.get("fan_in_fan_out").asBoolean()).isTrue();
    assertThat(config.get("lora_alpha").asDouble()).isEqualTo(0.5);
    assertThat(config.get("task_type").asText()).isEqualTo("CAUSAL_LM");
    assertThat(config.has("modules_to_save")).isFalse();
  }

  @Test
  void targetsMayBeAnExpression() throws Exception {
    base(TinyModels.LLAMA, Head.NONE);
    PeftFolder peft = llama();
    peft.config().put("target_modules", ".*self_attn\\.(q|v)_proj");
    try (LoadedModel one = LoadedModel.load(peft.write().uri(), Head.NONE, CONF);
        LoadedModel other = LoadedModel.load(llama().write().uri(), Head.NONE, CONF)) {
      assertThat(one.flat().toFloatArray()).isEqualTo(other.flat().toFloatArray());
    }
    peft.config().put("target_modules", "(");
    assertRefused(peft, "Invalid target_modules: ( (must be names or an expression for them)");
    peft.config().put("target_modules", "q_proj");
    assertRefused(peft, "Invalid target_modules: \"q_proj\" (must name linear layers)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "peft_type | \"IA3\" | IA3 (must be LORA)",
        "task_type | \"SEQ_2_SEQ_LM\" | SEQ_2_SEQ_LM (must be CAUSAL_LM or SEQ_CLS)",
        "bias | \"all\" | all (must be none)",
        "init_lora_weights | \"pissa_niter_4\" | pissa_niter_4 (must leave the base as it is)",
        "modules_to_save | [\"lm_head\"] | lm_head (must be a head called score)",
        "use_dora | true | true (must be absent: it is not supported)",
        "lora_bias | true | true (must be absent: it is not supported)",
        "rank_pattern | {\"q_proj\":4} | {\"q_proj\":4} (must be absent: it is not supported)",
        "alpha_pattern | {\"q_proj\":4} | {\"q_proj\":4} (must be absent: it is not supported)",
        "layers_to_transform | [0] | [0] (must be absent: it is not supported)",
        "something_new | 1 | 1 (must be absent: it is not supported)",
        "target_modules | [] | [] (must name linear layers)",
        "r | 0 | 0 (must be a whole number > 0)",
      })
  void refusesWhatItDoesNotDo(String key, String value, String message) throws Exception {
    base(TinyModels.LLAMA, Head.NONE);
    PeftFolder peft = llama();
    peft.config().set(key, JSON.readTree(value));
    assertRefused(peft, "Invalid " + key + ": " + message + " in ");
  }

  private static void assertRefused(PeftFolder peft, String message) throws IOException {
    String uri = peft.write().uri();
    assertThatThrownBy(() -> LoadedModel.load(uri, Head.NONE, CONF))
        .hasMessageStartingWith(message);
  }

  @Test
  void everyMatrixMustBeThereAndFit() throws Exception {
    base(TinyModels.LLAMA, Head.NONE);
    String start = "Cannot load adapters " + llama().write().uri() + ": ";
    String q = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
    assertRefused(llama().with(q, 3, 16), start + q + " has shape [3, 16] (must be [2, 16])");
    String embedding = "base_model.model.model.embed_tokens.weight";
    assertRefused(llama().with(embedding, 40, 16), start + "unknown weight " + embedding);
    PeftFolder peft = llama();
    peft.matrices().remove(q);
    assertRefused(peft, start + "no weight model.layers.0.self_attn.q_proj.lora_A.weight");
    ModelFolder written = llama().write();
    Files.delete(folder.resolve("adapters/adapter_model.safetensors"));
    assertThatThrownBy(() -> LoadedModel.load(written.uri(), Head.NONE, CONF))
        .hasMessage(start + "no adapter_model.safetensors");
  }

  @Test
  void theBaseMustBeAModel() throws Exception {
    ModelFolder base = base(TinyModels.LLAMA, Head.NONE);
    PeftFolder peft = llama();
    peft.config().put("base_model_name_or_path", "someone/some-model");
    String uri = peft.write().uri();
    assertRefused(
        peft,
        "Cannot open adapters %s: base_model_name_or_path someone/some-model, that is %s, is not there"
            .formatted(
                uri,
                new org.apache.hadoop.fs.Path(
                    new org.apache.hadoop.fs.Path(uri), "someone/some-model")));
    // a path, and a URI
    for (String name : List.of(folder.resolve("base").toString(), base.uri())) {
      peft.config().put("base_model_name_or_path", name);
      assertThat(peft.write().base().config()).isEqualTo(base.config());
    }
    PeftFolder second = PeftFolder.llama(folder.resolve("second"));
    second.config().put("base_model_name_or_path", "../adapters");
    String where = second.write().uri();
    assertThatThrownBy(() -> LoadedModel.load(where, Head.NONE, CONF))
        .hasMessageStartingWith("Cannot open adapters " + where)
        .hasMessageEndingWith("has adapters itself; merge them first");
  }

  @Test
  void aFolderWithWeightsIsNoFolderOfAdapters() throws Exception {
    base(TinyModels.LLAMA, Head.NONE);
    ModelFolder written = llama().write();
    assertThat(written.isAdapter()).isTrue();
    TinyModels.write(folder.resolve("adapters"), TinyModels.LLAMA, Head.NONE);
    assertThat(written.isAdapter()).isFalse();
    assertThat(written.base()).isSameAs(written);
    assertThat(written.lora()).isEmpty();
  }

  @Test
  void otherAdaptersThanThoseAskedForAreNotGoneOnWith() throws Exception {
    ModelFolder base = base(TinyModels.LLAMA, Head.NONE);
    ModelFolder written = llama().write();
    for (Lora other :
        List.of(
            new Lora(3, 9, false, List.of("q_proj", "v_proj")),
            new Lora(2, 5, false, List.of("q_proj", "v_proj")),
            new Lora(2, 6, false, List.of("q_proj", "k_proj")))) {
      try (Decoder decoder = base.decoder(Head.NONE, Compute.FLOAT32, Optional.of(other))) {
        assertThatThrownBy(() -> AdapterFile.load(decoder, written, 0, manager))
            .hasMessageStartingWith("Cannot go on with the adapters of " + written.uri());
      }
    }
  }

  @Test
  void modelsWithOneBaseShareItsWeights() throws Exception {
    ModelFolder base = base(TinyModels.LLAMA, Head.NONE);
    String scoring = PeftFolder.llama(folder.resolve("scoring")).scoring().write().uri();
    String policy = llama().write().uri();
    TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
    try (Lease<LoadedModel> reference = lease(ModelLease.REFERENCE, base.uri(), Head.NONE);
        Lease<LoadedModel> adapted = lease("policy", policy, Head.VALUE);
        Lease<LoadedModel> judging = lease("reward", scoring, Head.SCORE);
        LoadedModel merged = LoadedModel.load(policy, Head.VALUE, CONF);
        LoadedModel judge = LoadedModel.load(scoring, Head.SCORE, CONF)) {
      LoadedModel model = adapted.value();
      assertThat(model.flat()).isSameAs(reference.value().flat());
      assertThat(judging.value().flat()).isSameAs(reference.value().flat());
      assertThat(model.decoder().logprobs(model.flat(), batch, 1).toFloatArray())
          .containsExactly(
              merged.decoder().logprobs(merged.flat(), batch, 1).toFloatArray(), within(1e-5f));
      assertThat(completions(model, 1)).isEqualTo(completions(merged, 1));
      assertThat(completions(model, 8))
          .isEqualTo(completions(merged, 8))
          .isNotEqualTo(completions(reference.value(), 8));
      assertThat(judging.value().decoder().scores(model.flat(), batch).toFloatArray())
          .containsExactly(
              judge.decoder().scores(judge.flat(), batch).toFloatArray(), within(1e-5f));
    }
  }

  private static List<List<Integer>> completions(LoadedModel model, int slots) {
    List<int[]> prompts = Collections.nCopies(slots, new int[] {3, 14, 15});
    return new Generator(model, Sampling.at(0), Ending.after(12, 0), slots)
        .complete(prompts, (index, uniforms) -> {}).stream()
            .map(completion -> Arrays.stream(completion.tokens()).boxed().toList())
            .toList();
  }

  private static Lease<LoadedModel> lease(String role, String uri, Head head) throws IOException {
    return ModelLease.of(role, uri, head, Compute.FLOAT32, CONF);
  }
}
