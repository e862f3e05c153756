package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the process holds does not grow over hundreds of calls. Heads are wide, so that what one
 * call could leave behind is some hundred kilobytes: two hundred of them would be seen.
 */
@Tag("slow")
class NativeMemoryTest {
  private static final long MEGABYTE = 1 << 20;
  private static final long BOUND = 20 * MEGABYTE;
  private static final int CALLS = 200;

  /** A page of Linux on the machines that libraries come for. */
  private static final long PAGE = 4096;

  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 600, "hidden_size": 64, "intermediate_size": 128,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 64,
       "max_position_embeddings": 128, "tie_word_embeddings": false, "initializer_range": 0.2}
      """;

  @TempDir Path folder;

  @BeforeEach
  void prepare() {
    Decoder.prepareThread(1);
  }

  @AfterEach
  void noGradients() {
    JniUtils.setGradMode(false);
  }

  /** Bytes of this process in memory. */
  private static long resident() throws IOException {
    Path file = Path.of("/proc/self/statm");
    Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file);
    return Long.parseLong(Files.readString(file).split(" ")[1]) * PAGE;
  }

  /** By how much the process grows over many calls, once it has warmed up. */
  private static long growth(Runnable call) throws IOException {
    // compiling to machine code takes memory too, for a while
    calls(CALLS, call);
    long before = resident();
    calls(CALLS, call);
    return resident() - before;
  }

  private static void calls(int count, Runnable call) {
    for (int i = 0; i < count; i++) {
      call.run();
      if (i % 20 == 19) {
        // so that Java's own heap stays where it is, and buffers that nobody holds go
        System.gc();
      }
    }
  }

  @Test
  void generation() throws Exception {
    try (LoadedModel model = TinyModels.load(folder, LLAMA, Head.NONE)) {
      List<int[]> prompts =
          IntStream.range(0, 7).mapToObj(i -> IntStream.range(1, 60 + i).toArray()).toList();
      Sampling sampling = new Sampling(1, 20, 0.9, 0.01, 1.1);
      Ending ending = new Ending(3, 6, new long[] {7, 8, 9, 10, 11, 12, 13, 14, 15});
      Generator generator = new Generator(model, sampling, ending, 5);
      Runnable call = () -> generator.complete(prompts, (i, u) -> Uniforms.fill(u, i));
      assertThat(growth(call)).isLessThan(BOUND);
    }
  }

  @Test
  void training() throws Exception {
    List<Sequence> sequences =
        IntStream.range(0, 4)
            .mapToObj(
                i -> new Sequence(new int[] {1, 2 + i}, IntStream.range(20, 80 - i).toArray()))
            .toList();
    try (Decoder decoder = TinyModels.describe(folder, LLAMA).decoder(Head.VALUE);
        NDManager kept = NDManager.newBaseManager("PyTorch")) {
      NDArray flat = Weights.initial(decoder, 1, kept);
      Decoder.AdamState state = new Decoder.AdamState(flat, flat.zerosLike(), flat.zerosLike());
      NDArray gradient = flat.zerosLike();
      kept.cap();
      Decoder.AdamStep step = new Decoder.AdamStep(1, 1e-4, 1, 0.9, 0.999, 1e-8, 0);
      Runnable call =
          () -> {
            step(decoder, flat, gradient, sequences);
            decoder.update(state, gradient, 1, step);
          };
      assertThat(growth(call)).isLessThan(BOUND);
    }
  }

  private static void step(
      Decoder decoder, NDArray flat, NDArray gradient, List<Sequence> sequences) {
    JniUtils.setGradMode(true);
    try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
      Tape tape = new Tape(decoder, flat, gradient, scope, false);
      TokenBatch batch = TokenBatch.of(sequences, scope);
      Decoder.PolicyOutputs outputs = tape.policy(batch, 1);
      tape.backward(outputs.logprobs().add(outputs.values()).add(outputs.entropy()).sum());
    }
    JniUtils.setGradMode(false);
  }
}
