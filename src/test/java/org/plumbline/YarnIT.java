package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.HdfsTraining;
import org.plumbline.testing.TinyRun;
import org.plumbline.testing.Yarn;

/** The build's jar given to spark-submit for YARN, which runs the driver; all data is in HDFS. */
@Tag("slow")
@Timeout(600)
class YarnIT {
  @TempDir static Path folder;
  private static HdfsTraining training;
  private static Yarn yarn;

  @BeforeAll
  static void startAll() throws Exception {
    training = HdfsTraining.start(folder);
    yarn = Yarn.start(folder.resolve("yarn"), training.storage());
  }

  @AfterAll
  static void stop() {
    if (yarn != null) {
      yarn.close();
    }
    if (training != null) {
      training.close();
    }
  }

  private static ApplicationReport ended(Process submitted, String name) throws Exception {
    HdfsTraining.awaitEnd(submitted, () -> yarn.said(name));
    return yarn.report(name);
  }

  @Test
  void trainsAsOnALocalMaster() throws Exception {
    TinyRun run = training.run("calm");

    ApplicationReport report = ended(yarn.submit("calm", 1, training.arguments("calm")), "calm");

    assertThat(report.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED);
    assertThat(run.context().run().readJson("result.json").get("application").asText())
        .isEqualTo(report.getApplicationId().toString());
    training.assertTrained(run);
  }

  @Test
  void aDriverThatDiesIsStartedAnewAndGoesOn() throws Exception {
    TinyRun run = training.run("killed");
    Process submitted = yarn.submit("killed", 2, training.arguments("killed"));

    training.awaitSecondStage(run, submitted, () -> yarn.said("killed"));
    List<ProcessHandle> drivers = Yarn.drivers();
    assertThat(drivers).hasSize(1);
    long written = HdfsTraining.kill(drivers.get(0), run);

    ApplicationReport report = ended(submitted, "killed");
    assertThat(report.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED);
    assertThat(report.getCurrentApplicationAttemptId().getAttemptId()).isEqualTo(2);
    training.assertWentOn(run, written);
  }
}
