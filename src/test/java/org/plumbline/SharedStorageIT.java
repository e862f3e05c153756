package org.plumbline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.model.Head;
import org.plumbline.policy.PolicyStage;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.AfterSteps;
import org.plumbline.testing.Hdfs;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.LocalCluster;
import org.plumbline.testing.S3Server;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Two executors, each a JVM with one slot, that share nothing but HDFS or S3. */
@Tag("slow")
@Timeout(900)
class SharedStorageIT {
  @TempDir static Path folder;
  private static Hdfs hdfs;
  private static S3Server s3;
  private static SparkSession spark;
  private static TinyModel start;
  private static TinyModel reward;
  private static float[] tuned;
  private static float[] aligned;

  /** Where runs are kept. */
  enum Storage {
    LOCAL,
    HDFS,
    S3;

    String uri() {
      return switch (this) {
        case LOCAL -> folder.toUri().toString();
        case HDFS -> hdfs.uri();
        case S3 -> s3.uri();
      };
    }
  }

  @BeforeAll
  static void startAll() throws Exception {
    hdfs = Hdfs.start(folder.resolve("hdfs"));
    s3 = S3Server.start(folder.resolve("s3"));
    Map<String, Object> settings = new HashMap<>(s3.settings());
    settings.put("spark.deploy.maxExecutorRetries", "-1");
    spark = LocalCluster.session(2, settings);
    start = TinyModel.write(folder.resolve("start"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
    for (Storage storage : List.of(Storage.HDFS, Storage.S3)) {
      FileSystem files = files(storage.uri());
      for (TinyModel model : List.of(start, reward)) {
        FileUtil.copy(
            files(model.uri()),
            path(model.uri()),
            files,
            path(model(storage, model)),
            false,
            files.getConf());
      }
    }
    tuned = weights(new SftStage(run(Storage.LOCAL, "calm").context()).execute().checkpoint());
    aligned = weights(align(Storage.LOCAL));
  }

  @AfterAll
  static void stop() {
    spark.stop();
    s3.close();
    hdfs.close();
  }

  private static org.apache.hadoop.fs.Path path(String uri) {
    return new org.apache.hadoop.fs.Path(uri);
  }

  private static FileSystem files(String uri) throws IOException {
    return FileSystem.get(URI.create(uri), spark.sessionState().newHadoopConf());
  }

  private static String model(Storage storage, TinyModel model) {
    return storage == Storage.LOCAL
        ? model.uri()
        : storage.uri() + "/models/" + model.folder().getFileName();
  }

  private static TinyRun run(Storage storage, String name) {
    return TinyRun.at(
            storage.uri() + "/runs/" + name,
            "cluster.async-checkpoints=true",
            "model.path=" + model(storage, start),
            "cluster.ranks=2",
            "cluster.deadline=20",
            "sft.batch-size=8",
            "sft.steps-per-stage=10",
            "sft.epochs=1",
            "sft.learning-rate=0.003",
            "ppo.iterations=2",
            "ppo.batch-size=16",
            "ppo.mini-batch-size=8",
            "ppo.learning-rate=0.003",
            "ppo.generation.batch-size=4",
            "ppo.generation.max-new-tokens=24")
        .demonstrations(40 * 8)
        .prompts(32);
  }

  private static String align(Storage storage) {
    TinyRun run = run(storage, "policy");
    return new PolicyStage(run.context(), model(storage, start), model(storage, reward))
        .execute()
        .checkpoint();
  }

  /** Of a checkpoint that was copied to the local disk, as people do. */
  private static float[] weights(String checkpoint) throws IOException {
    Path copy = folder.resolve("copies").resolve(Integer.toHexString(checkpoint.hashCode()));
    files(checkpoint).copyToLocalFile(path(checkpoint), path(copy.toUri().toString()));
    return TinyModel.weights(copy.toUri().toString(), Head.NONE);
  }

  /** From feedback to a policy, all tables and checkpoints in a bucket. */
  @Test
  void alignsInABucket() throws Exception {
    Settings settings =
        SettingsReader.read(
            List.of(ConfigFiles.builtIn("quickstart.yaml")),
            List.of(
                "quickstart.prompts=200",
                "quickstart.demonstrations=600",
                "sft.epochs=2",
                "reward.epochs=0.3",
                "ppo.iterations=2",
                "dpo.epochs=0.1",
                "evaluate.prompts=16"));
    RunFolder run = new RunFolder(s3.uri() + "/runs/all", spark.sessionState().newHadoopConf());
    StageContext context = new StageContext(spark, run, settings, Progress.silent());
    JobRun jobs = new JobRun(context, RunResult.empty(), System::nanoTime);

    jobs.one(Jobs.WORLD, "settings.yaml");
    for (Job job : Jobs.STAGES) {
      jobs.one(job, "settings.yaml");
    }

    // the driver's own block manager is listed too
    assertThat(spark.sparkContext().statusTracker().getExecutorInfos()).hasSize(3);
    JsonNode ppo = run.readJson("ppo/result.json");
    assertThat(ppo.get("iterations").asInt()).isEqualTo(2);
    assertThat(ppo.get("completions").asLong()).isEqualTo(128);
    assertThat(ppo.get("score").isNumber()).isTrue();
    assertThat(run.has("ppo/checkpoint/step-00000002/model.safetensors")).isTrue();
    assertThat(run.readJson("reward/result.json").get("heldOutPairs").asLong()).isPositive();
    assertThat(run.has("report/index.html")).isTrue();
    assertThat(s3.unfinishedUploads("runs/all/")).isZero();
    assertThat(read(run, "pairs/_SUCCESS")).contains("\"committer\" : \"magic\"");
  }

  private static String read(RunFolder run, String relative) throws IOException {
    try (var in = run.fileSystem().open(path(run.at(relative)))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "LOCAL", mode = EnumSource.Mode.EXCLUDE)
  void goesOnWhereItWasStoppedAsOnALocalDisk(Storage storage) throws Exception {
    TinyRun stopped = run(storage, "stopped");

    assertThatThrownBy(() -> new SftStage(Interruption.at(20, stopped.context())).execute())
        .isInstanceOf(Interruption.class);
    String checkpoint =
        new SftStage(Interruption.resumed(stopped.context())).execute().checkpoint();

    assertThat(weights(checkpoint)).isEqualTo(tuned);
    assertThat(stopped.metric("sft", "loss")).hasSize(40);
  }

  @Test
  void aDataNodeThatDiesIsNotMissed() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    StageContext context = afterSteps(run(Storage.HDFS, "one-node"), 20, lost, hdfs::loseDataNode);

    assertThat(weights(new SftStage(context).execute().checkpoint())).isEqualTo(tuned);
    assertThat(lost).isTrue();
  }

  /** What they were writing is half written, and HDFS takes it for theirs for an hour. */
  @ParameterizedTest
  @EnumSource(names = "LOCAL", mode = EnumSource.Mode.EXCLUDE)
  void killedWhileTheyWriteACheckpoint(Storage storage) throws Exception {
    AtomicBoolean killed = new AtomicBoolean();
    StageContext context =
        afterSteps(
            run(storage, "killed"),
            20,
            killed,
            () -> LocalCluster.executors().forEach(ProcessHandle::destroyForcibly));

    assertThat(weights(new SftStage(context).execute().checkpoint())).isEqualTo(tuned);
    assertThat(killed).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "LOCAL", mode = EnumSource.Mode.EXCLUDE)
  void alignsAsOnALocalDisk(Storage storage) throws Exception {
    assertThat(weights(align(storage))).isEqualTo(aligned).isNotEqualTo(tuned);
  }

  /** {@code run}, in which {@code deed} is done once, as soon as {@code step} is. */
  private static StageContext afterSteps(
      TinyRun run, long step, AtomicBoolean done, Runnable deed) {
    StageContext calm = run.context();
    AfterSteps progress =
        new AfterSteps(
            at -> {
              if (at == step && !done.getAndSet(true)) {
                deed.run();
              }
            });
    return new StageContext(spark, calm.run(), calm.settings(), progress);
  }

  /** A full quota ends a run with one error, and it goes on once there is room. */
  @Test
  void aFullQuotaIsTold() throws Exception {
    TinyRun run = run(Storage.HDFS, "full");
    AtomicBoolean full = new AtomicBoolean();
    StageContext context = afterSteps(run, 20, full, () -> hdfs.limit("/runs/full", 1));

    assertThatThrownBy(() -> new SftStage(context).execute())
        .hasStackTraceContaining("/runs/full/sft/")
        .hasStackTraceContaining("quota");
    hdfs.limit("/runs/full", -1);
    String checkpoint = new SftStage(Interruption.resumed(run.context())).execute().checkpoint();

    assertThat(weights(checkpoint)).isEqualTo(tuned);
  }
}
