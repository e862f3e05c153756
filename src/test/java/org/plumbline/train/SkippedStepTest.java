package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.Gangs;
import org.plumbline.config.ModelSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.Scalar;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;

class SkippedStepTest {
  private static final int MOST = 2;
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1, 0, "constant", MOST);

  @TempDir Path folder;

  /** A likelihood that is times {@code factor}. */
  private record Scaled(float factor) implements Objective<Sequence> {
    @Override
    public Head head() {
      return Head.NONE;
    }

    @Override
    public LossSum loss(Tape tape, NDManager step, List<Sequence> examples, Sums sums) {
      NDArray logprobs = tape.logprobs(TokenBatch.of(examples, step), 1.0);
      return new LossSum(Scalar.times(logprobs.sum(), -factor), examples.size());
    }
  }

  /** One step in which the last rank's loss is times {@code factor}. */
  private static Update step(Replica replica, Gang gang, float factor) throws IOException {
    Sums sums = new Sums();
    float mine = gang.rank() == gang.world() - 1 ? factor : 1;
    replica.accumulate(
        new Scaled(mine), List.of(new Sequence(new int[] {2, 3}, new int[] {5, 0})), sums);
    return replica.update(gang, sums, 0.01, OPTIMIZER);
  }

  private List<List<Object>> run(int ranks, float... factors) {
    String uri = TinyModel.write(folder.resolve("model"), 3).uri();
    return Gangs.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(IntStream.range(0, ranks).boxed().toList(), 1)
            .repartition(ranks),
        ranks,
        (gang, rows) -> {
          Decoder.prepareThread(1);
          ModelSettings settings = new ModelSettings("", "float32", false);
          ModelFolder model = new ModelFolder(uri, new Configuration());
          List<Object> found = new ArrayList<>();
          try (Replica replica =
              Replica.begin(gang, model, Head.NONE, settings, Optional.empty(), 0, Device.cpu())) {
            for (float factor : factors) {
              Update update = step(replica, gang, factor);
              found.add(update.means().getOrDefault("skipped", 0.0));
              found.add(Arrays.hashCode(replica.trained().toFloatArray()));
            }
          }
          return List.of(found).iterator();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aGradientThatIsNotFiniteChangesNothing(int ranks) {
    for (List<Object> found : run(ranks, 1, Float.NaN, Float.POSITIVE_INFINITY, 1)) {
      assertThat(found.subList(0, 8)).element(0).isEqualTo(0.0);
      assertThat(found.get(2)).isEqualTo(1.0);
      assertThat(found.get(4)).isEqualTo(1.0);
      assertThat(found.get(6)).isEqualTo(0.0);
      assertThat(found.get(3)).isEqualTo(found.get(1)).isEqualTo(found.get(5));
      assertThat(found.get(7)).isNotEqualTo(found.get(5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void tooManyInARowEndTraining(int ranks) {
    assertThatThrownBy(() -> run(ranks, 1, Float.NaN, Float.NaN, Float.NaN))
        .hasStackTraceContaining(
            "Cannot train on: the gradient was not finite in 3 steps in a row, up to step 4");
  }
}
