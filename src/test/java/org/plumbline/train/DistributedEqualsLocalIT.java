package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plumbline.model.Head;
import org.plumbline.policy.PolicyStage;
import org.plumbline.prefer.PreferStage;
import org.plumbline.reward.RewardStage;
import org.plumbline.sft.SftStage;
import org.plumbline.testing.LocalCluster;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Ranks in JVMs of their own train what one does alone, whatever is trained. */
@Tag("slow")
@Timeout(300)
class DistributedEqualsLocalIT {
  private static final int RANKS = 4;
  private static final int STEPS = 20;
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalCluster.session(RANKS, Map.of());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /**
   * What is trained: 20 steps of 7 rows, which no number of ranks from 2 divides; the last of the
   * epoch has one, so that most ranks have none.
   */
  private enum Method {
    SFT(Head.NONE) {
      @Override
      String train(TinyRun run, TinyModel start, TinyModel reward) {
        return new SftStage(run.demonstrations(ROWS).context()).execute().checkpoint();
      }
    },
    REWARD(Head.SCORE) {
      @Override
      String train(TinyRun run, TinyModel start, TinyModel reward) {
        return new RewardStage(run.pairs(ROWS).context(), start.uri()).execute().checkpoint();
      }
    },
    DPO(Head.NONE) {
      @Override
      String train(TinyRun run, TinyModel start, TinyModel reward) {
        return new PreferStage(run.pairs(ROWS).context(), start.uri()).execute().checkpoint();
      }
    },
    /** One iteration, whose completions are the same with any number of ranks. */
    PPO(Head.VALUE) {
      @Override
      String train(TinyRun run, TinyModel start, TinyModel reward) {
        return new PolicyStage(run.prompts(35).context(), start.uri(), reward.uri())
            .execute()
            .checkpoint();
      }
    };

    private static final int ROWS = 7 * (STEPS - 1) + 1;

    private final Head head;

    Method(Head head) {
      this.head = head;
    }

    abstract String train(TinyRun run, TinyModel start, TinyModel reward);
  }

  private String train(Method method, int ranks, TinyModel start, TinyModel reward) {
    List<String> sets = new ArrayList<>();
    sets.add("model.path=" + start.uri());
    sets.add("cluster.ranks=" + ranks);
    for (String stage : List.of("sft", "reward", "dpo")) {
      sets.add(stage + ".batch-size=7");
      sets.add(stage + ".micro-batch-size=3");
      // several stages, so that ranks find their models in memory or pass them on
      sets.add(stage + ".steps-per-stage=6");
      sets.add(stage + ".epochs=1");
      sets.add(stage + ".learning-rate=0.003");
    }
    sets.addAll(
        List.of(
            "ppo.iterations=1",
            "ppo.batch-size=35",
            "ppo.mini-batch-size=7",
            "ppo.epochs=4",
            "ppo.learning-rate=0.003",
            "ppo.generation.max-new-tokens=8"));
    TinyRun run =
        TinyRun.in(folder.resolve(method.name() + "-" + ranks), sets.toArray(String[]::new));
    return method.train(run, start, reward);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void anyNumberOfRanks(Method method) throws IOException {
    TinyModel start = TinyModel.write(folder.resolve("start"), 1);
    TinyModel reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
    String alone = train(method, 1, start, reward);
    float[] expected = TinyModel.weights(alone, method.head);
    List<Double> curve = curve(method, 1);
    assertThat(curve).hasSize(STEPS).doesNotHaveDuplicates();
    for (int ranks = 2; ranks <= RANKS; ranks++) {
      String together = train(method, ranks, start, reward);
      List<Double> losses = curve(method, ranks);
      assertThat(losses).hasSize(STEPS);
      for (int step = 0; step < STEPS; step++) {
        double loss = curve.get(step);
        assertThat(losses.get(step))
            .as("loss of step %d with %d ranks", step + 1, ranks)
            .isCloseTo(loss, within(1e-5 * Math.max(1, Math.abs(loss))));
      }
      assertThat(TinyModel.weights(together, method.head))
          .as("weights of %d ranks", ranks)
          .containsExactly(expected, within(1e-4f));
    }
  }

  /** The loss of every step, as checkpoints and the metrics tell. */
  private List<Double> curve(Method method, int ranks) throws IOException {
    TinyRun run = TinyRun.in(folder.resolve(method.name() + "-" + ranks));
    if (method != Method.PPO) {
      return List.copyOf(run.metric(method.name().toLowerCase(Locale.ROOT), "loss").values());
    }
    Configuration configuration = run.context().run().configuration();
    String checkpoint = run.context().run().at("ppo/checkpoint/step-00000001");
    return ResumePoint.at(Optional.of(checkpoint), Map.of(), configuration).updates().stream()
        .map(update -> update.means().get(Update.LOSS))
        .toList();
  }
}
