package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalCluster;

/** Reward model and PPO on two executors, each a JVM with one slot: every update spans both. */
class ClusterIT {
  private static final SparkSession SPARK = LocalCluster.session();

  @TempDir Path folder;

  @AfterAll
  static void stop() {
    // or its workers would start executors anew while this process ends
    SPARK.stop();
  }

  @Test
  void alignsOnTwoExecutors() {
    Settings settings =
        SettingsReader.read(
            List.of(ConfigFiles.builtIn("quickstart.yaml")),
            List.of(
                "quickstart.prompts=200",
                "quickstart.demonstrations=600",
                "sft.epochs=2",
                "reward.epochs=0.3",
                "ppo.iterations=2"));
    RunFolder run =
        new RunFolder(folder.toUri().toString(), SPARK.sparkContext().hadoopConfiguration());
    JobRun jobs =
        new JobRun(
            new StageContext(SPARK, run, settings, Progress.silent()),
            RunResult.empty(),
            System::nanoTime);

    jobs.one(Jobs.WORLD, "settings.yaml");
    for (Job job : Jobs.STAGES.subList(0, 6)) {
      jobs.one(job, "settings.yaml");
    }

    // the driver's own block manager is listed too
    assertThat(SPARK.sparkContext().statusTracker().getExecutorInfos()).hasSize(3);
    JsonNode ppo = run.readJson("ppo/result.json");
    assertThat(ppo.get("iterations").asInt()).isEqualTo(2);
    assertThat(ppo.get("completions").asLong()).isEqualTo(128);
    assertThat(ppo.get("score").isNumber()).isTrue();
    assertThat(run.has("ppo/checkpoint/step-00000002/model.safetensors")).isTrue();
    assertThat(run.readJson("reward/result.json").get("heldOutPairs").asLong()).isPositive();
  }
}
