package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.testing.AnotherDevice;

/** Models where Java cannot reach their weights. */
class AnotherDeviceTest {
  private static final Device ELSEWHERE = AnotherDevice.device();

  private static final Sequence SEQUENCE = new Sequence(new int[] {2, 3, 4}, new int[] {5, 6, 0});
  @TempDir Path folder;

  @BeforeEach
  void prepare() {
    Decoder.prepareThread(1);
  }

  private static List<float[]> answers(LoadedModel model) {
    List<float[]> answers = new ArrayList<>();
    try (NDManager scope = model.decoder().scope()) {
      TokenBatch batch = TokenBatch.of(List.of(SEQUENCE, SEQUENCE), scope);
      Decoder.PolicyOutputs outputs = model.decoder().policy(model.flat(), batch, 0.7);
      answers.add(outputs.logprobs().toFloatArray());
      answers.add(outputs.values().toFloatArray());
    }
    Generator generator =
        new Generator(
            model, new Sampling(0.9, 5, 0.9, 0.01, 1.1), new Ending(1, 8, new long[] {0}), 8);
    List<int[]> prompts = List.of(new int[] {2, 3}, new int[] {4}, new int[] {5, 6, 7});
    for (Completion completion :
        generator.complete(prompts, (row, uniforms) -> Uniforms.fill(uniforms, row))) {
      answers.add(completion.policyLogprobs());
    }
    return answers;
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void aModelSaysTheSame(WeightType type) throws Exception {
    ModelFolder model = TinyModels.write(folder, TinyModels.LLAMA, Head.VALUE);
    try (LoadedModel here =
            LoadedModel.load(model, Head.VALUE, Compute.FLOAT32, type, Device.cpu());
        LoadedModel there = LoadedModel.load(model, Head.VALUE, Compute.FLOAT32, type, ELSEWHERE)) {
      assertThat(answers(there)).containsExactly(answers(here).toArray(new float[0][]));
      assertThatThrownBy(() -> new FlatMemory(there.flat()))
          .hasMessageContaining("Cannot reach the memory of an array on ");
    }
  }

  @Test
  void copiesAreGivenBackWhenAskedFor() {
    try (NDManager elsewhere = Devices.manager(ELSEWHERE);
        HostMemory host = new HostMemory()) {
      NDArray flat = elsewhere.create(new float[] {1, 2, 3, 4});
      host.of(new Slice(1, 3), flat).putFloat(4, 7);
      assertThat(flat.toFloatArray()).containsExactly(1, 2, 3, 4);
      host.putBack();
      assertThat(flat.toFloatArray()).containsExactly(1, 2, 7, 4);
      assertThat(host.of(new Slice(2, 2), flat).capacity()).isZero();
    }
  }

  @Test
  void onTheCpuNothingIsCopied() {
    try (NDManager here = Devices.host();
        HostMemory host = new HostMemory()) {
      NDArray flat = here.create(new float[] {1, 2});
      host.of(new Slice(1, 2), flat).putFloat(7);
      assertThat(flat.toFloatArray()).containsExactly(1, 7);
      assertThat(host.array(flat)).isSameAs(flat);
    }
  }

  /** What is made without a word on where is made on the CPU, and fails beside arrays elsewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {"common.py", "adapters.py", "training.py", "generation.py", "gpt2.py", "llama.py"})
  void kernelsSayWhereTheyMakeArrays(String name) throws Exception {
    Pattern making =
        Pattern.compile("torch\\.(zeros|ones|empty|full|arange|tensor|eye|linspace)\\(.*");
    try (InputStream in = KernelArchive.class.getResourceAsStream(name)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
          .filteredOn(line -> making.matcher(line).find())
          .allSatisfy(line -> assertThat(line).contains("device="));
    }
  }
}
