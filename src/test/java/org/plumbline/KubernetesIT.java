package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.HdfsTraining;
import org.plumbline.testing.Kubernetes;
import org.plumbline.testing.PodProcess;
import org.plumbline.testing.TinyRun;

/** The build's jar given to spark-submit for Kubernetes; all data is in HDFS. */
@Tag("slow")
@Timeout(600)
class KubernetesIT {
  /** As shells tell that a process was ended by signal 9. */
  private static final int KILLED = 128 + 9;

  @TempDir static Path folder;
  private static HdfsTraining training;
  private static Kubernetes kubernetes;
  private static String inImage;

  @BeforeAll
  static void startAll() throws Exception {
    training = HdfsTraining.start(folder);
    kubernetes = Kubernetes.start(folder.resolve("kubernetes"));
    inImage = Kubernetes.inImage();
  }

  @AfterAll
  static void stop() {
    if (kubernetes != null) {
      kubernetes.close();
    }
    if (training != null) {
      training.close();
    }
  }

  private static void awaitSuccess(Process submitted, String name) throws Exception {
    HdfsTraining.awaitEnd(submitted, () -> kubernetes.said(name));
    String phase = kubernetes.phase(kubernetes.driver(name));
    String why = phase.equals("Succeeded") ? "" : kubernetes.said(name);
    assertThat(phase).as("phase of the driver's pod: %s", why).isEqualTo("Succeeded");
  }

  /** The program is where the data is. */
  @Test
  void trainsAsOnALocalMaster() throws Exception {
    TinyRun run = training.run("calm");
    String jar = training.publishJar();

    awaitSuccess(kubernetes.submit("calm", jar, training.arguments("calm")), "calm");

    List<PodProcess> executors = kubernetes.executors("calm");
    assertThat(executors)
        .hasSize(2)
        .allSatisfy(executor -> assertRoomForModels(executor.container()));
    assertThat(run.context().run().readJson("result.json").get("application").asText())
        .isEqualTo(executors.get(0).label(Kubernetes.APPLICATION));
    training.assertTrained(run);
  }

  /** Models lie outside Java's heap, and PyTorch has as many threads as Plumbline says. */
  private static void assertRoomForModels(Container executor) {
    Quantity memory = executor.getResources().getLimits().get("memory");
    assertThat(Quantity.getAmountInBytes(memory)).isEqualByComparingTo("1073741824");
    assertThat(executor.getEnv()).contains(new EnvVar("OMP_NUM_THREADS", "1", null));
  }

  @Test
  void anExecutorThatDiesIsReplaced() throws Exception {
    TinyRun run = training.run("lost");
    Process submitted = kubernetes.submit("lost", inImage, training.arguments("lost"));

    training.awaitSecondStage(run, submitted, () -> kubernetes.said("lost"));
    long written = HdfsTraining.kill(kubernetes.executors("lost").get(0).process(), run);

    awaitSuccess(submitted, "lost");
    List<PodProcess> executors = kubernetes.executors("lost");
    assertThat(executors).hasSize(3);
    assertThat(executors.get(0).exitCode()).isEqualTo(KILLED);
    training.assertWentOn(run, written);
  }

  /** Kubernetes does not start it anew, as YARN does; who has submitted it can. */
  @Test
  void aDriverThatDiesIsSubmittedAgainAndGoesOn() throws Exception {
    TinyRun run = training.run("killed");
    Process submitted = kubernetes.submit("killed", inImage, training.arguments("killed"));

    training.awaitSecondStage(run, submitted, () -> kubernetes.said("killed"));
    PodProcess driver = kubernetes.driver("killed");
    long written = HdfsTraining.kill(driver.process(), run);
    HdfsTraining.awaitEnd(submitted, () -> kubernetes.said("killed"));
    assertThat(kubernetes.phase(driver)).isEqualTo("Failed");

    List<String> resume = List.of("sft", "--run", training.uri("killed"), "--resume");
    awaitSuccess(kubernetes.submit("resumed", inImage, resume), "resumed");
    training.assertWentOn(run, written);
  }
}
