package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.sft.SftStage;
import org.plumbline.testing.Hdfs;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.testing.Yarn;

/** The build's jar given to spark-submit for YARN, which runs the driver; all data is in HDFS. */
@Tag("slow")
@Timeout(600)
class YarnIT {
  /** Long enough that a driver can be killed between the first checkpoint and the last. */
  private static final int STEPS_PER_STAGE = 50;

  private static final int STAGES = 2;
  private static final int BATCH = 8;
  private static final String FIRST = checkpoint(1);
  private static final String LAST = checkpoint(STAGES);
  @TempDir static Path folder;
  private static Hdfs hdfs;
  private static Yarn yarn;
  private static float[] tuned;

  @BeforeAll
  static void startAll() throws Exception {
    TinyModel start = TinyModel.write(folder.resolve("start"), 1);
    TinyRun run = run(folder.toUri() + "calm", start.uri());
    tuned = TinyModel.weights(new SftStage(run.context()).execute().checkpoint(), Head.NONE);
    hdfs = Hdfs.start(folder.resolve("hdfs"));
    yarn = Yarn.start(folder.resolve("yarn"), hdfs.uri());
    files().copyFromLocalFile(path(start.uri()), path(model()));
  }

  @AfterAll
  static void stop() {
    if (yarn != null) {
      yarn.close();
    }
    if (hdfs != null) {
      hdfs.close();
    }
  }

  private static String checkpoint(int stages) {
    return "sft/checkpoint/step-%08d".formatted(stages * STEPS_PER_STAGE);
  }

  private static org.apache.hadoop.fs.Path path(String uri) {
    return new org.apache.hadoop.fs.Path(uri);
  }

  private static FileSystem files() throws IOException {
    return FileSystem.get(
        URI.create(hdfs.uri()), LocalSpark.session().sessionState().newHadoopConf());
  }

  private static String model() {
    return hdfs.uri() + "/models/start";
  }

  private static List<String> settings(String model) {
    return List.of(
        "model.path=" + model,
        "cluster.ranks=2",
        "sft.batch-size=" + BATCH,
        "sft.steps-per-stage=" + STEPS_PER_STAGE,
        "sft.epochs=1",
        "sft.learning-rate=0.003");
  }

  /** A run with all that training needs. */
  private static TinyRun run(String uri, String model) {
    return TinyRun.at(uri, settings(model).toArray(String[]::new))
        .demonstrations(STAGES * STEPS_PER_STAGE * BATCH);
  }

  private static String inHdfs(String name) {
    return hdfs.uri() + "/runs/" + name;
  }

  /** Submits training in the run that {@link #inHdfs} names. */
  private static Process submit(String name, int attempts) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("sft", "--run", inHdfs(name)));
    settings(model()).forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return yarn.submit(name, attempts, arguments);
  }

  /** Waits for spark-submit, which waits for the application. */
  private static ApplicationReport ended(Process submitted, String name) throws Exception {
    boolean inTime = submitted.waitFor(3, TimeUnit.MINUTES);
    assertThat(inTime).as("whether it ended: %s", inTime ? "" : yarn.said(name)).isTrue();
    int code = submitted.exitValue();
    assertThat(code).as("code of spark-submit: %s", code == 0 ? "" : yarn.said(name)).isZero();
    return yarn.report(name);
  }

  private static void assertTrained(TinyRun run, String name) throws IOException {
    Path copy = folder.resolve(name);
    files().copyToLocalFile(path(run.context().run().at(LAST)), path(copy.toUri().toString()));
    assertThat(TinyModel.weights(copy.toUri().toString(), Head.NONE)).isEqualTo(tuned);
    assertThat(run.metric("sft", "loss")).hasSize(STAGES * STEPS_PER_STAGE);
    assertThat(run.context().run().readJson("sft/result.json").get("steps").asLong())
        .isEqualTo(STAGES * STEPS_PER_STAGE);
  }

  @Test
  void trainsAsOnALocalMaster() throws Exception {
    TinyRun run = run(inHdfs("calm"), model());

    ApplicationReport report = ended(submit("calm", 1), "calm");

    assertThat(report.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED);
    assertThat(run.context().run().readJson("result.json").get("application").asText())
        .isEqualTo(report.getApplicationId().toString());
    assertTrained(run, "calm-copy");
  }

  /** A driver that began anew would delete the first checkpoint, or at least write it again. */
  @Test
  void aDriverThatDiesIsStartedAnewAndGoesOn() throws Exception {
    TinyRun run = run(inHdfs("killed"), model());
    Process submitted = submit("killed", 2);

    ProcessHandle driver = awaitCheckpoint(submitted);
    driver.destroyForcibly();
    driver.onExit().get(10, TimeUnit.SECONDS);
    assertThat(run.context().run().has(LAST)).as("whether the killed one was done").isFalse();
    long written = written();

    ApplicationReport report = ended(submitted, "killed");
    assertThat(report.getFinalApplicationStatus()).isEqualTo(FinalApplicationStatus.SUCCEEDED);
    assertThat(report.getCurrentApplicationAttemptId().getAttemptId()).isEqualTo(2);
    assertThat(written()).as("time of the first checkpoint").isEqualTo(written);
    assertTrained(run, "killed-copy");
  }

  /** When the weights of the first checkpoint were. */
  private static long written() throws IOException {
    return files()
        .getFileStatus(path(inHdfs("killed") + "/" + FIRST + "/model.safetensors"))
        .getModificationTime();
  }

  /** Returns the driver as soon as the first checkpoint is whole. */
  private static ProcessHandle awaitCheckpoint(Process submitted) throws Exception {
    String checkpoint = inHdfs("killed") + "/" + FIRST;
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    List<ProcessHandle> drivers = List.of();
    while (drivers.isEmpty() || !Checkpoint.isComplete(checkpoint, files().getConf())) {
      if (!submitted.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("There is no checkpoint: " + yarn.said("killed"));
      }
      if (drivers.isEmpty()) {
        drivers = Yarn.drivers();
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(drivers).hasSize(1);
    return drivers.get(0);
  }
}
