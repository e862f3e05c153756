package org.plumbline;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.model.Head;
import org.plumbline.policy.PolicyStage;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.AfterSteps;
import org.plumbline.testing.Faults;
import org.plumbline.testing.LocalCluster;
import org.plumbline.testing.SlowDisk;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Executors that are killed or hang at the worst moment change nothing but the time it takes. */
@Tag("slow")
@Timeout(600)
class FaultsIT {
  private static final int STAGES = 3;
  private static SparkSession spark;
  @TempDir static Path folder;
  private static TinyModel start;
  private static TinyModel reward;
  private static float[] tuned;
  private static float[] aligned;

  @BeforeAll
  static void trainUndisturbed() {
    spark =
        LocalCluster.session(
            2,
            Map.of(
                // executors that are killed come again, however often
                "spark.deploy.maxExecutorRetries", "-1",
                // one that hangs is given up soon
                "spark.executor.heartbeatInterval", "2s",
                "spark.network.timeout", "20s",
                "spark.network.timeoutInterval", "5s"));
    start = TinyModel.write(folder.resolve("start"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
    tuned = tune("calm");
    aligned = align("calm");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static TinyRun run(String name, boolean beside) {
    return TinyRun.in(
        folder.resolve(name),
        "cluster.async-checkpoints=" + beside,
        "model.path=" + start.uri(),
        "cluster.ranks=2",
        "cluster.deadline=5",
        "sft.batch-size=8",
        "sft.steps-per-stage=40",
        "sft.epochs=1",
        "sft.learning-rate=0.003",
        "ppo.iterations=3",
        "ppo.batch-size=16",
        "ppo.mini-batch-size=8",
        "ppo.learning-rate=0.003",
        "ppo.generation.batch-size=4",
        "ppo.generation.max-new-tokens=24");
  }

  private static float[] tune(String name) {
    return tune(name, false);
  }

  /**
   * Weights after training.
   *
   * @param beside whether checkpoints are written while it goes on
   */
  private static float[] tune(String name, boolean beside) {
    TinyRun run = run(name + "-sft", beside).demonstrations(STAGES * 40 * 8);
    return TinyModel.weights(new SftStage(run.context()).execute().checkpoint(), Head.NONE);
  }

  private static float[] align(String name) {
    TinyRun run = run(name + "-ppo", false).prompts(48);
    PolicyStage stage = new PolicyStage(run.context(), start.uri(), reward.uri());
    return TinyModel.weights(stage.execute().checkpoint(), Head.VALUE);
  }

  /** Kills one executor {@code millis} after the first task whose job begins with {@code what}. */
  private static Faults killDuring(String what, boolean barrier, int millis, int which) {
    return Faults.when(
        spark,
        what,
        barrier,
        () -> {
          TimeUnit.MILLISECONDS.sleep(millis);
          List<ProcessHandle> executors = LocalCluster.executors();
          executors.get(which % executors.size()).destroyForcibly();
        });
  }

  @Test
  void killedDuringAnUpdate() {
    for (int which = 0; which < 2; which++) {
      try (Faults faults = killDuring("sft: ", true, 300, which)) {
        assertThat(tune("update-" + which)).isEqualTo(tuned);
        assertThat(faults.lostTasks()).as("tasks that were lost").isPositive();
      }
    }
  }

  @Test
  void killedDuringRollouts() {
    try (Faults faults = killDuring("ppo: rollout 1", false, 50, 0)) {
      assertThat(align("rollout")).isEqualTo(aligned);
      assertThat(faults.lostTasks()).as("tasks that were lost").isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void killedDuringTheWritingOfACheckpoint(boolean beside) throws Exception {
    int torn = 0;
    for (int attempt = 0; attempt < 6 && torn == 0; attempt++) {
      String name = "writing-%s-%d".formatted(beside, attempt);
      Path checkpoint = folder.resolve(name + "-sft/sft/checkpoint/step-00000080");
      int which = attempt;
      Thread killer =
          background(
              () -> {
                await(() -> Files.exists(checkpoint.resolve("plumbline")));
                List<ProcessHandle> executors = LocalCluster.executors();
                executors.get(which % executors.size()).destroyForcibly();
              });
      AtomicBoolean unfinished = new AtomicBoolean();
      Thread looker =
          background(
              () -> {
                killer.join();
                unfinished.set(!Files.exists(checkpoint.resolve("plumbline/manifest.json")));
              });
      assertThat(tune(name, beside)).isEqualTo(tuned);
      looker.join();
      torn += unfinished.get() ? 1 : 0;
    }
    assertThat(torn).as("checkpoints that were unfinished when an executor died").isPositive();
  }

  /** Nobody has the moments any more, so that training must go back a stage further. */
  @Test
  void killedWhileACheckpointIsWrittenBesideTheNextStage() {
    TinyRun run = run("beside-sft", true).demonstrations(STAGES * 40 * 8);
    SlowDisk.in(spark.sparkContext().hadoopConfiguration(), "step-00000080/model.safetensors");
    RunFolder slow =
        new RunFolder(
            "slow://" + folder.resolve("beside-sft"), spark.sessionState().newHadoopConf());
    List<String> said = new ArrayList<>();
    AtomicBoolean killed = new AtomicBoolean();
    Progress progress =
        new Progress() {
          @Override
          public Bar begin(String task, long total) {
            return new AfterSteps(
                    done -> {
                      if (done == 80 && !killed.getAndSet(true)) {
                        LocalCluster.executors().forEach(ProcessHandle::destroyForcibly);
                      }
                    })
                .begin(task, total);
          }

          @Override
          public void say(String line) {
            said.add(line);
          }
        };
    StageContext context = new StageContext(spark, slow, run.context().settings(), progress);
    String checkpoint = new SftStage(context).execute().checkpoint();

    assertThat(said)
        .filteredOn(line -> line.contains(" was lost"))
        .singleElement(as(STRING))
        .startsWith("sft: a checkpoint was lost, going on after 40 updates: The executor at ");
    assertThat(TinyModel.weights("file://" + URI.create(checkpoint).getPath(), Head.NONE))
        .isEqualTo(tuned);
    assertThat(run.metric("sft", "loss")).hasSize(STAGES * 40);
  }

  /** A rank that hangs is told from one that works, and its executor is replaced. */
  @Test
  void stoppedDuringAnUpdate() {
    List<ProcessHandle> stopped = new ArrayList<>();
    long begun = System.nanoTime();
    try (Faults faults =
        Faults.when(
            spark,
            "sft: ",
            true,
            () -> {
              TimeUnit.MILLISECONDS.sleep(300);
              ProcessHandle victim = LocalCluster.executors().get(0);
              stopped.add(victim);
              signal("STOP", victim);
            })) {
      assertThat(tune("stopped")).isEqualTo(tuned);
      assertThat(faults.failures())
          .anyMatch(
              reason -> reason.contains("nothing came from rank ") && reason.contains("for 5 s"));
    } finally {
      stopped.forEach(ProcessHandle::destroyForcibly);
    }
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(180);
  }

  /** As many kills as {@code plumbline.kills} says, at moments that nobody chose. */
  @Test
  void killedAtRandom() throws InterruptedException {
    int wanted = Integer.getInteger("plumbline.kills");
    long seed = Long.getLong("plumbline.kills.seed", System.nanoTime());
    Random random = new Random(seed);
    int killed = 0;
    int runs = 0;
    while (killed < wanted) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger kills = new AtomicInteger();
      int left = wanted - killed;
      Thread killer =
          background(
              () -> {
                while (!over.get() && kills.get() < left) {
                  TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(3000));
                  List<ProcessHandle> executors = LocalCluster.executors();
                  if (!over.get() && !executors.isEmpty()) {
                    executors.get(random.nextInt(executors.size())).destroyForcibly();
                    kills.incrementAndGet();
                    TimeUnit.SECONDS.sleep(12); // a stage may fail four times in a row, not more
                  }
                }
              });
      String name = "random-" + runs++;
      assertThat(tune(name, runs % 2 == 0)).as("seed %d", seed).isEqualTo(tuned);
      assertThat(align(name)).as("seed %d", seed).isEqualTo(aligned);
      over.set(true);
      killer.interrupt();
      killer.join();
      killed += kills.get();
      assertThat(runs).as("runs, which somebody should have disturbed").isLessThan(5 + 3 * wanted);
      System.out.printf(
          "seed %d: run %d ended as if nothing had been, after %d kills of %d%n",
          seed, runs, killed, wanted);
    }
  }

  private static void signal(String name, ProcessHandle process) throws IOException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start();
  }

  /** Looks without a pause, since what it waits for is soon over; gives up after a minute. */
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static Thread background(Faults.Deed deed) {
    Thread thread =
        new Thread(
            () -> {
              try {
                deed.perform();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
