package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.cluster.Lease;

/** Products in bfloat16, with float32 masters and float32 all around, beside float32. */
class ComputeTest {
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {3, 14, 15}, new int[] {9, 26, 5, 35}),
          new Sequence(new int[] {8}, new int[] {9, 7, 9, 32, 38, 4}));

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  /** What one pass over the sequences gives. */
  private record Answers(float[] logprobs, float[] gradient) {}

  @BeforeEach
  void open() {
    Decoder.prepareThread(1);
  }

  @AfterEach
  void close() {
    JniUtils.setGradMode(false);
    manager.close();
  }

  private Answers answers(String config, Compute compute, boolean checkpoint) throws Exception {
    ModelFolder model = TinyModels.describe(folder, config);
    try (Decoder decoder = new Decoder(model.config(), Head.VALUE, compute, "here")) {
      NDArray flat = TinyModels.random(decoder, manager);
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      NDArray logprobs = decoder.logprobs(flat, batch, 0.7);
      assertThat(logprobs.getDataType()).isEqualTo(DataType.FLOAT32);
      NDArray gradient = flat.zerosLike();
      JniUtils.setGradMode(true);
      Tape tape = new Tape(decoder, flat, gradient, manager, checkpoint);
      Decoder.PolicyOutputs outputs = tape.policy(batch, 0.7);
      tape.backward(outputs.logprobs().add(outputs.entropy()).add(outputs.values()).sum());
      JniUtils.setGradMode(false);
      return new Answers(logprobs.toFloatArray(), gradient.toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void bfloat16IsNearFloat32(String config) throws Exception {
    Answers exact = answers(config, Compute.FLOAT32, false);
    Answers rounded = answers(config, Compute.BFLOAT16, false);

    assertThat(rounded.logprobs()).isNotEqualTo(exact.logprobs());
    assertThat(rounded.logprobs()).containsExactly(exact.logprobs(), within(0.1f));
    assertThat(cosine(rounded.gradient(), exact.gradient())).isBetween(0.999, 0.9999999);
  }

  /** Working a layer out again gives the very same, in either type. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "BFLOAT16"})
  void checkpointingChangesNothing(Compute compute) throws Exception {
    assertThat(answers(TinyModels.LLAMA, compute, true).gradient())
        .isEqualTo(answers(TinyModels.LLAMA, compute, false).gradient());
  }

  /** Products see no more of a weight than bfloat16 has of it, and nothing else does either. */
  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void weightsInBfloat16ChangeNotABit(String config) throws Exception {
    ModelFolder model = TinyModels.write(folder, config, Head.VALUE);
    try (Decoder decoder = model.decoder(Head.VALUE, Compute.BFLOAT16)) {
      NDArray masters = Weights.load(decoder, model, manager);
      NDArray weights = Weights.load(decoder, model, manager, WeightType.BF16);
      TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
      assertThat(decoder.values(weights, batch).toFloatArray())
          .isEqualTo(decoder.values(masters, batch).toFloatArray());
      assertThat(decoder.logprobs(weights, batch, 1).toFloatArray())
          .isEqualTo(decoder.logprobs(masters, batch, 1).toFloatArray());
    }
  }

  /** A frozen model takes half the memory, and says what float32 says but for rounding. */
  @ParameterizedTest
  @ValueSource(strings = {TinyModels.LLAMA, TinyModels.GPT2})
  void leasedWeightsAreOfTheTypeThatIsComputedIn(String config) throws Exception {
    ModelFolder model = TinyModels.write(folder, config, Head.VALUE);
    TokenBatch batch = TokenBatch.of(SEQUENCES, manager);
    Configuration conf = new Configuration();
    try (Lease<LoadedModel> exact =
            ModelLease.of("policy", model.uri(), Head.VALUE, Compute.FLOAT32, conf);
        Lease<LoadedModel> half =
            ModelLease.of("policy", model.uri(), Head.VALUE, Compute.BFLOAT16, conf)) {
      assertThat(WeightType.of(exact.value().flat())).isEqualTo(WeightType.F32);
      assertThat(WeightType.of(half.value().flat())).isEqualTo(WeightType.BF16);
      float[] expected = logprobs(exact.value(), batch);
      assertThat(logprobs(half.value(), batch))
          .isNotEqualTo(expected)
          .containsExactly(expected, within(0.1f));
    }
  }

  private static float[] logprobs(LoadedModel model, TokenBatch batch) {
    return model.decoder().logprobs(model.flat(), batch, 1).toFloatArray();
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
