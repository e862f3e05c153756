package org.plumbline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.cluster.Gangs;
import org.plumbline.config.ResourceSettings;
import org.plumbline.model.Devices;
import org.plumbline.testing.LocalCluster;

/** Spark's own accounts of GPUs, on executors that each say they have one. */
@Timeout(180)
class ResourcesClusterIT {
  private static final ResourceSettings GPU = new ResourceSettings(1, 0, 0, "", "");
  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws Exception {
    Path script = folder.resolve("gpus.sh");
    Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    spark =
        LocalCluster.session(
            2,
            Map.of(
                "spark.worker.resource.gpu.amount",
                "1",
                "spark.worker.resource.gpu.discoveryScript",
                script.toString(),
                "spark.executor.resource.gpu.amount",
                "1",
                "spark.executor.resource.gpu.discoveryScript",
                script.toString()));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static JavaRDD<Integer> rows() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(1, 2), 1)
        .repartition(2);
  }

  private static String addresses() {
    ResourceInformation gpu = TaskContext.get().resourcesJMap().get("gpu");
    return gpu == null ? "none" : String.join(",", gpu.addresses());
  }

  @Test
  void ranksHaveWhatTheyAskForAndOtherTasksDoNot() {
    JavaRDD<Integer> rows = rows();
    Resources.give(rows, GPU, "cluster.update");
    List<String> ranks =
        Gangs.run(
            rows,
            2,
            (gang, part) -> {
              gang.exchange(new byte[0]); // both are there
              return List.of(addresses()).iterator();
            });
    assertThat(ranks).containsExactly("0", "0");
    assertThat(rows().map(row -> addresses()).collect()).containsOnly("none");
  }

  /** PyTorch for the CPU sees none: the task says so, and does not go on without. */
  @Test
  void aGpuThatPyTorchDoesNotSeeIsNotPassedOver() {
    JavaRDD<Integer> rows = rows();
    Resources.give(rows, GPU, "cluster.update");
    assertThatThrownBy(() -> rows.map(row -> Devices.ofTask().toString()).collect())
        .hasMessageContaining("Cannot compute on GPU 0, which Spark gave this task");
  }
}
