package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.policy.PolicyStage;
import org.plumbline.sft.SftStage;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.Executors;
import org.plumbline.testing.LocalCluster;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/**
 * Executors are killed at random moments until {@code plumbline.kills} have been: every run ends
 * with the undisturbed result, or with one clear error. The Maven profile {@code faults} kills more
 * of them; {@code plumbline.kills.seed} repeats a series.
 */
@Timeout(3600)
class RandomKillsIT {
  private static final int KILLS = Integer.getInteger("plumbline.kills", 2);
  private static final long SEED = Long.getLong("plumbline.kills.seed", System.nanoTime());
  private static final int MOST_IN_A_RUN = 4;
  private static final long HANGING_SECONDS = 300;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static TinyModel start;
  private static TinyModel reward;
  private static TinyRun calm;
  private static long calmMillis;

  private final List<String> table = new ArrayList<>();

  @BeforeAll
  static void runUndisturbed() {
    spark = LocalCluster.session(Map.of("spark.deploy.maxExecutorRetries", "-1"));
    start = TinyModel.write(folder.resolve("start"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
    align(prepare("warm"));
    calm = prepare("calm");
    long begun = System.nanoTime();
    align(calm);
    calmMillis = millisSince(begun);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private static TinyRun prepare(String name) {
    return TinyRun.in(
            folder.resolve(name),
            "model.path=" + start.uri(),
            "cluster.ranks=2",
            "sft.steps-per-stage=5",
            "sft.batch-size=8",
            "sft.learning-rate=0.003",
            "ppo.iterations=3",
            "ppo.batch-size=8",
            "ppo.mini-batch-size=4",
            "ppo.learning-rate=0.003",
            "ppo.generation.batch-size=4",
            "ppo.generation.max-new-tokens=16")
        .demonstrations(120)
        .prompts(25);
  }

  private static void align(TinyRun run) {
    String tuned = new SftStage(run.context()).execute().checkpoint();
    new PolicyStage(run.context(), tuned, reward.uri()).execute();
  }

  @Test
  void everyRunEndsWellOrSaysWhyNot() throws Exception {
    System.out.printf("seed %d, a calm run takes %d ms%n", SEED, calmMillis);
    SplittableRandom random = new SplittableRandom(SEED);
    int kills = 0;
    int same = 0;
    int failed = 0;
    for (int run = 1; kills < KILLS; run++) {
      Executors.await(spark, 2);
      TinyRun tiny = prepare("run" + run);
      long begun = System.nanoTime();
      CompletableFuture<Void> training = CompletableFuture.runAsync(() -> align(tiny));
      List<String> victims = killWhile(training, random, Math.min(MOST_IN_A_RUN, KILLS - kills));
      kills += victims.size();
      String outcome = outcome(training, tiny);
      same += outcome.isEmpty() ? 1 : 0;
      failed += outcome.isEmpty() ? 0 : 1;
      table.add(
          "run %2d  %6d ms  killed %s  %s"
              .formatted(
                  run, millisSince(begun), victims, outcome.isEmpty() ? "the same" : outcome));
      System.out.println(table.get(run - 1));
    }
    System.out.printf("%d kills: %d runs the same, %d failed clearly%n", kills, same, failed);
  }

  /** Kills up to {@code most}, spread over about as long as a calm run takes. */
  private static List<String> killWhile(
      CompletableFuture<Void> training, SplittableRandom random, int most) throws Exception {
    List<String> victims = new ArrayList<>();
    long begun = System.nanoTime();
    int wanted = random.nextInt(1, most + 1);
    while (victims.size() < wanted) {
      Thread.sleep(random.nextLong(1, 2 * calmMillis / (wanted + 1)));
      List<String> ids = List.copyOf(Executors.running().keySet());
      if (training.isDone()) {
        break;
      } else if (!ids.isEmpty()) {
        String id = ids.get(random.nextInt(ids.size()));
        Executors.kill(Executors.of(id));
        victims.add("%s at %d ms".formatted(id, millisSince(begun)));
      }
    }
    return victims;
  }

  /** Why {@code run} failed; empty if it ended like the calm one. */
  private static String outcome(CompletableFuture<Void> training, TinyRun run) throws Exception {
    try {
      training.get(HANGING_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      String line = Failure.line(e.getCause());
      assertThat(line)
          .matches("(Cannot|Invalid) .*|.*has failed the maximum allowable number of times.*");
      return line;
    }
    assertSame(run, "sft/checkpoint/step-00000015", "model", "plumbline/optimizer");
    assertSame(
        run,
        "ppo/checkpoint/step-00000003",
        "model",
        "plumbline/value_head",
        "plumbline/optimizer");
    assertThat(rollouts(run)).hasSize(24).isEqualTo(rollouts(calm));
    assertThat(run.metric("sft", "loss")).hasSize(15).isEqualTo(calm.metric("sft", "loss"));
    assertThat(run.metric("ppo", "loss")).hasSize(3).isEqualTo(calm.metric("ppo", "loss"));
    return "";
  }

  private static void assertSame(TinyRun run, String checkpoint, String... names)
      throws IOException {
    for (String name : names) {
      String file = checkpoint + "/" + name + ".safetensors";
      assertThat(Files.mismatch(path(run, file), path(calm, file))).as(file).isEqualTo(-1);
    }
  }

  private static Path path(TinyRun run, String file) {
    return Path.of(URI.create(run.context().run().at(file)));
  }

  private static List<String> rollouts(TinyRun run) {
    return RolloutsTable.TABLE
        .read(spark, run.context().run().at("ppo/rollouts"))
        .orderBy("iteration", "prompt_id", "sample")
        .toJSON()
        .collectAsList();
  }
}
