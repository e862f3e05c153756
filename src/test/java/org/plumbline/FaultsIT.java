package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.model.Head;
import org.plumbline.policy.PolicyStage;
import org.plumbline.sft.SftStage;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.Executors;
import org.plumbline.testing.LocalCluster;
import org.plumbline.testing.StageWatch;
import org.plumbline.testing.StageWatch.Kind;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.testing.WideModel;

/** An executor is lost, or hangs, at a bad moment: the run ends as if nothing had happened. */
@Timeout(240)
class FaultsIT {
  private static final Kind UPDATES = Kind.updates("sft");
  private static final String LAST = "sft/checkpoint/step-00000012";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static TinyModel wide;
  private static TinyModel policy;
  private static TinyModel reward;
  private static TinyRun calm;
  private static long stageMillis;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    // A silent executor is given up after 15 s instead of two minutes, and started anew however
    // often one is lost.
    spark =
        LocalCluster.session(
            Map.of(
                "spark.executor.heartbeatInterval", "1s",
                "spark.network.timeout", "15s",
                "spark.network.timeoutInterval", "1s",
                "spark.deploy.maxExecutorRetries", "-1"));
    wide = WideModel.write(folder.resolve("wide"), 1);
    policy = TinyModel.write(folder.resolve("policy"), 2);
    reward = TinyModel.write(folder.resolve("reward"), 3, Head.SCORE);
    calm = tuning("calm");
    try (StageWatch watch = new StageWatch(spark, UPDATES, 2)) {
      new SftStage(calm.context()).execute();
      stageMillis = watch.millis();
    }
    System.out.printf("an undisturbed stage takes %d ms%n", stageMillis);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void haveAllExecutors() throws InterruptedException {
    Executors.await(spark, 2);
  }

  /** Three stages of four updates on two ranks. */
  private static TinyRun tuning(String name) {
    return TinyRun.in(
            folder.resolve(name),
            "model.path=" + wide.uri(),
            "cluster.ranks=2",
            "sft.steps-per-stage=4",
            "sft.batch-size=8",
            "sft.micro-batch-size=3",
            "sft.learning-rate=0.001")
        .demonstrations(96);
  }

  private static CompletableFuture<Void> start(TinyRun run) {
    return CompletableFuture.runAsync(() -> new SftStage(run.context()).execute());
  }

  private static Path file(TinyRun run, String relative) {
    return Path.of(URI.create(run.context().run().at(relative)));
  }

  private static void assertAsUndisturbed(TinyRun run) throws IOException {
    for (String name : List.of("model.safetensors", "plumbline/optimizer.safetensors")) {
      assertThat(Files.mismatch(file(run, LAST + "/" + name), file(calm, LAST + "/" + name)))
          .as("first byte of %s that differs", name)
          .isEqualTo(-1);
    }
    assertThat(run.metric("sft", "loss")).hasSize(12).isEqualTo(calm.metric("sft", "loss"));
  }

  @Test
  void killedInTheMiddleOfAnUpdateStage() throws Exception {
    TinyRun run = tuning("update");
    try (StageWatch watch = new StageWatch(spark, UPDATES, 2)) {
      CompletableFuture<Void> training = start(run);
      String executor = watch.executor();
      Thread.sleep(stageMillis / 2);
      Executors.kill(Executors.of(executor));
      training.get();
      assertThat(watch.attempts()).as("the stage was hit").isGreaterThan(1);
    }
    assertAsUndisturbed(run);
  }

  @Test
  void killedWhileItWritesACheckpoint() throws Exception {
    TinyRun run = tuning("checkpoint");
    String step = "sft/checkpoint/step-00000008";
    try (StageWatch watch = new StageWatch(spark, UPDATES, 2)) {
      CompletableFuture<Void> training = start(run);
      ProcessHandle executor = Executors.of(watch.executor());
      Path weights = file(run, step + "/model.safetensors");
      while (!Files.exists(weights)) {
        Thread.sleep(1);
      }
      Executors.kill(executor);
      assertThat(file(run, step)).as("a checkpoint, broken off").isDirectory();
      assertThat(isComplete(run, step)).isFalse();
      training.get();
      assertThat(watch.attempts()).isGreaterThan(1);
    }
    assertAsUndisturbed(run);
  }

  private static boolean isComplete(TinyRun run, String step) throws IOException {
    return Checkpoint.isComplete(run.context().run().at(step), run.context().run().configuration());
  }

  /** Nobody hears of its end, since it has not ended: only its silence tells. */
  @Test
  void stoppedInTheMiddleOfAnUpdateStage() throws Exception {
    TinyRun run = tuning("stopped");
    long begun = System.nanoTime();
    try (StageWatch watch = new StageWatch(spark, UPDATES, 2)) {
      CompletableFuture<Void> training = start(run);
      ProcessHandle executor = Executors.of(watch.executor());
      Thread.sleep(stageMillis / 2);
      Executors.signal(executor, "STOP");
      try {
        training.get(180, TimeUnit.SECONDS);
        assertThat(watch.attempts()).as("the stage was hit").isGreaterThan(1);
        assertAsUndisturbed(run);
      } catch (ExecutionException e) {
        String line = Failure.line(e.getCause());
        System.out.println("stopped: " + line);
        assertThat(line).matches("Cannot .* rank \\d.* at .*");
      } finally {
        executor.destroyForcibly();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        System.out.printf("with an executor stopped it took %d ms%n", millis);
      }
    }
  }

  @Test
  void killedDuringARollout() throws Exception {
    TinyRun reference = aligning("ppo-calm");
    long millis;
    try (StageWatch watch = new StageWatch(spark, Kind.plain("ppo: rollout 1"), 2)) {
      align(reference);
      millis = watch.millis();
    }
    TinyRun run = aligning("ppo-killed");
    try (StageWatch watch = new StageWatch(spark, Kind.plain("ppo: rollout 1"), 2)) {
      CompletableFuture<Void> training = CompletableFuture.runAsync(() -> align(run));
      ProcessHandle executor = Executors.of(watch.executor());
      Thread.sleep(millis / 2);
      Executors.kill(executor);
      training.get();
    }
    String last = "ppo/checkpoint/step-00000003/";
    for (String name : List.of("model.safetensors", "plumbline/value_head.safetensors")) {
      assertThat(file(run, last + name)).hasSameBinaryContentAs(file(reference, last + name));
    }
    assertThat(rollouts(run)).hasSize(24).isEqualTo(rollouts(reference));
  }

  /** Rollouts of eight completions on two executors, and updates on two ranks. */
  private static TinyRun aligning(String name) {
    return TinyRun.in(
            folder.resolve(name),
            "cluster.ranks=2",
            "ppo.iterations=3",
            "ppo.batch-size=8",
            "ppo.mini-batch-size=4",
            "ppo.epochs=2",
            "ppo.learning-rate=0.003",
            "ppo.generation.batch-size=4",
            "ppo.generation.max-new-tokens=24")
        .prompts(17);
  }

  private static void align(TinyRun run) {
    new PolicyStage(run.context(), policy.uri(), reward.uri()).execute();
  }

  private static List<String> rollouts(TinyRun run) {
    return RolloutsTable.TABLE
        .read(spark, run.context().run().at("ppo/rollouts"))
        .orderBy("iteration", "prompt_id", "sample")
        .toJSON()
        .collectAsList();
  }
}
