package org.plumbline.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.RunFolder;

/**
 * Training by the build's jar on two ranks, as a cluster is asked for it: all data is in HDFS. What
 * comes out must be what a local master makes.
 */
public final class HdfsTraining implements AutoCloseable {
  /** Long enough that a JVM can be killed between the first checkpoint and the last. */
  private static final int STEPS_PER_STAGE = 50;

  private static final int STAGES = 2;
  private static final int BATCH = 8;
  private static final String FIRST = checkpoint(1);
  private static final String LAST = checkpoint(STAGES);

  private final Path folder;
  private final Hdfs hdfs;
  private final float[] tuned;

  private HdfsTraining(Path folder, Hdfs hdfs, float[] tuned) {
    this.folder = folder;
    this.hdfs = hdfs;
    this.tuned = tuned;
  }

  /** Trains on a local master, and starts an HDFS with the model; both in {@code folder}. */
  public static HdfsTraining start(Path folder) throws IOException {
    TinyModel model = TinyModel.write(folder.resolve("start"), 1);
    TinyRun local = run(folder.toUri() + "local", model.uri());
    float[] tuned =
        TinyModel.weights(new SftStage(local.context()).execute().checkpoint(), Head.NONE);
    HdfsTraining training = new HdfsTraining(folder, Hdfs.start(folder.resolve("hdfs")), tuned);
    training.files().copyFromLocalFile(path(model.uri()), path(training.model()));
    return training;
  }

  private static String checkpoint(int stages) {
    return "sft/checkpoint/step-%08d".formatted(stages * STEPS_PER_STAGE);
  }

  private static org.apache.hadoop.fs.Path path(String uri) {
    return new org.apache.hadoop.fs.Path(uri);
  }

  private FileSystem files() throws IOException {
    return FileSystem.get(
        URI.create(hdfs.uri()), LocalSpark.session().sessionState().newHadoopConf());
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

  private static TinyRun run(String uri, String model) {
    return TinyRun.at(uri, settings(model).toArray(String[]::new))
        .demonstrations(STAGES * STEPS_PER_STAGE * BATCH);
  }

  private String model() {
    return hdfs.uri() + "/models/start";
  }

  /** Root of the file system that all is in. */
  public String storage() {
    return hdfs.uri();
  }

  /** Where the run {@code name} is. */
  public String uri(String name) {
    return hdfs.uri() + "/runs/" + name;
  }

  /** Makes a run with all that training needs. */
  public TinyRun run(String name) {
    return run(uri(name), model());
  }

  /** The command line that trains in the run {@code name}. */
  public List<String> arguments(String name) {
    List<String> arguments = new ArrayList<>(List.of("sft", "--run", uri(name)));
    settings(model()).forEach(setting -> arguments.addAll(List.of("--set", setting)));
    return arguments;
  }

  /** Copies the build's jar to where any machine finds it; returns where that is. */
  public String publishJar() throws IOException {
    String published = hdfs.uri() + "/jars/plumbline-spark.jar";
    Configuration settings = LocalSpark.session().sessionState().newHadoopConf();
    settings.set("dfs.replication", "1"); // it is large
    try (FileSystem files = FileSystem.newInstance(URI.create(hdfs.uri()), settings)) {
      files.copyFromLocalFile(
          path(SparkInstallation.builtJar().toUri().toString()), path(published));
    }
    return published;
  }

  /** Waits for spark-submit, which waits for the application; {@code said} tells why it failed. */
  public static void awaitEnd(Process submitted, Supplier<String> said)
      throws InterruptedException {
    boolean inTime = submitted.waitFor(3, TimeUnit.MINUTES);
    assertThat(inTime).as("whether it ended: %s", inTime ? "" : said.get()).isTrue();
    int code = submitted.exitValue();
    assertThat(code).as("code of spark-submit: %s", code == 0 ? "" : said.get()).isZero();
  }

  /** Returns as soon as {@code run} goes on from its first checkpoint, long before the last. */
  public void awaitSecondStage(TinyRun run, Process submitted, Supplier<String> said)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!isWhole(run, FIRST) || run.metric("sft", "loss").size() < STEPS_PER_STAGE) {
      if (!submitted.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("There is no checkpoint: " + said.get());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean isWhole(TinyRun run, String checkpoint) throws IOException {
    RunFolder folder = run.context().run();
    return Checkpoint.isComplete(folder.at(checkpoint), folder.configuration());
  }

  /**
   * Kills {@code process} in the middle of training.
   *
   * @return when the first checkpoint was made
   */
  public static long kill(ProcessHandle process, TinyRun run) throws Exception {
    process.destroyForcibly();
    process.onExit().get(10, TimeUnit.SECONDS);
    assertThat(isWhole(run, LAST)).as("whether all was done").isFalse();
    return written(run);
  }

  /** When the weights of the first checkpoint were. */
  private static long written(TinyRun run) throws IOException {
    RunFolder folder = run.context().run();
    return folder
        .fileSystem()
        .getFileStatus(path(folder.at(FIRST + "/model.safetensors")))
        .getModificationTime();
  }

  /** The run is done, to the last bit as on a local master. */
  public void assertTrained(TinyRun run) throws IOException {
    RunFolder made = run.context().run();
    Path copy = Files.createTempDirectory(folder, "copy").resolve("checkpoint");
    made.fileSystem().copyToLocalFile(path(made.at(LAST)), path(copy.toUri().toString()));
    assertThat(TinyModel.weights(copy.toUri().toString(), Head.NONE)).isEqualTo(tuned);
    assertThat(run.metric("sft", "loss")).hasSize(STAGES * STEPS_PER_STAGE);
    assertThat(made.readJson("sft/result.json").get("steps").asLong())
        .isEqualTo(STAGES * STEPS_PER_STAGE);
  }

  /**
   * The same of one that was killed: had it begun anew, it would have deleted its first checkpoint,
   * or at least written it again.
   */
  public void assertWentOn(TinyRun run, long written) throws IOException {
    assertThat(written(run)).as("time of the first checkpoint").isEqualTo(written);
    assertTrained(run);
  }

  @Override
  public void close() {
    hdfs.close();
  }
}
