package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.Gangs;
import org.plumbline.config.ModelSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.Lora;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Sequence;
import org.plumbline.testing.AnotherDevice;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;

/**
 * Training whose arrays Java is not to reach. Kernels compute the same there as on the CPU, so
 * results are the same to the last bit.
 */
class AnotherDeviceTest {
  private static final ModelSettings SETTINGS = new ModelSettings("", "float32", false);
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(0.9, 0.999, 1e-8, 0.01, 1, 0, "constant", 5);
  private static final Sequence SEQUENCE = new Sequence(new int[] {2, 3, 4}, new int[] {5, 6, 0});

  @TempDir Path folder;

  private static Device device(boolean another) {
    return another ? AnotherDevice.device() : Device.cpu();
  }

  /**
   * What each rank has after two steps, a swap of moments, a checkpoint, and another step from
   * there: weights, and its file of moments.
   */
  private List<byte[]> train(boolean another, int ranks, boolean adapters) {
    String uri = TinyModel.write(folder.resolve("model"), 5).uri();
    String to = folder.resolve(another ? "there" : "here").toUri().toString();
    return Gangs.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(IntStream.range(0, ranks).boxed().toList(), 1)
            .repartition(ranks),
        ranks,
        (gang, rows) -> {
          Decoder.prepareThread(1);
          Optional<Lora> lora =
              Optional.of(new Lora(2, 4, false, List.of("q_proj"))).filter(some -> adapters);
          Configuration conf = new Configuration();
          ModelFolder from = new ModelFolder(uri, conf);
          List<byte[]> found = new ArrayList<>();
          try (Replica replica =
              Replica.begin(gang, from, Head.NONE, SETTINGS, lora, 3, device(another))) {
            step(replica, gang);
            if (ranks == 2) {
              replica.reseat(gang, List.of(1, 0));
              replica.reseat(gang, List.of(1, 0));
            }
            step(replica, gang);
            TrainingCheckpoint.write(gang, replica, from, to, Map.of(), conf);
            found.add(moments(replica));
          }
          gang.exchange(new byte[0]); // once all have written
          try (Replica replica =
              Replica.resume(
                  gang, new ModelFolder(to, conf), Head.NONE, SETTINGS, lora, device(another))) {
            step(replica, gang);
            found.add(moments(replica));
            found.add(replica.trained().toByteArray());
          }
          return found.iterator();
        });
  }

  private static void step(Replica replica, Gang gang) throws IOException {
    Sums sums = new Sums();
    replica.accumulate(new Likelihood(), List.of(SEQUENCE), sums);
    replica.update(gang, sums, 0.001, OPTIMIZER);
  }

  private static byte[] moments(Replica replica) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    replica.writeOptimizer(out);
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "2, true"})
  void trainingIsTheSame(int ranks, boolean adapters) {
    List<byte[]> here = train(false, ranks, adapters);
    assertThat(here).hasSize(3 * ranks);
    assertThat(train(true, ranks, adapters)).containsExactly(here.toArray(new byte[0][]));
  }

  /** A task that is given another GPU than the stage before must not take what lies there. */
  @Test
  void aReplicaIsTakenWhereItIs() {
    String uri = TinyModel.write(folder.resolve("model"), 5).uri();
    List<Boolean> found =
        Gangs.run(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .parallelize(List.of(1), 1),
            1,
            (gang, rows) -> {
              Device cpu = Device.cpu();
              ModelFolder from = new ModelFolder(uri, new Configuration());
              ParkedReplicas.Key key = new ParkedReplicas.Key("session", "training", "version");
              try (Replica replica =
                  Replica.begin(gang, from, Head.NONE, SETTINGS, Optional.empty(), 0, cpu)) {
                replica.rest();
                ParkedReplicas.park(key, replica, Optional.empty());
                return Stream.of(Device.gpu(0), cpu)
                    .map(device -> ParkedReplicas.take(key, gang, device).isPresent())
                    .toList()
                    .iterator();
              }
            });
    assertThat(found).containsExactly(false, true);
  }
}
