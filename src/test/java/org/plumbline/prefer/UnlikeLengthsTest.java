package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.Batches;

/**
 * Rows of unlike lengths are grouped so that little is padded, and dealt to ranks by their tokens;
 * what is learned from them stays the same.
 */
class UnlikeLengthsTest {
  private static final int PAIRS = 32;
  private static final int SHORT = 3;
  private static final int LONG = 60; // the model takes 64 tokens

  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 4);
  }

  /** Two updates of 16 pairs each, half of them of few tokens and half of many. */
  private TinyRun run(String name, String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "dpo.batch-size=16",
                "dpo.micro-batch-size=16",
                "dpo.learning-rate=1e-3",
                "dpo.steps-per-stage=1"));
    sets.addAll(List.of(more));
    SplittableRandom random = new SplittableRandom(6);
    List<Row> pairs = IntStream.range(0, PAIRS).mapToObj(i -> pair(i, random)).toList();
    return TinyRun.in(folder.resolve(name), sets.toArray(String[]::new))
        .table(PairTokensTable.TABLE, "tokens/pairs", pairs);
  }

  private static Row pair(int i, SplittableRandom random) {
    int tokens = length(i);
    return RowFactory.create(
        "p" + i,
        TinyRun.promptId(i),
        ids(2, random),
        ids(tokens - 2, random),
        ids(tokens - 2, random),
        0.9,
        1.0,
        "train");
  }

  private static int length(int i) {
    return i % 2 == 0 ? SHORT + i % 8 : LONG - i % 8;
  }

  private static int[] ids(int count, SplittableRandom random) {
    return random.ints(count, 2, TinyRun.LIKED).toArray();
  }

  private float[] train(TinyRun run) {
    PreferStage.Result result = new PreferStage(run.context(), model.uri()).execute();
    assertThat(result.steps()).isEqualTo(2);
    return TinyModel.weights(result.checkpoint(), Head.NONE);
  }

  /** A pair a pass pads nothing, so the cut makes no difference to it. */
  @Test
  void groupsTeachWhatSinglePairsDo() {
    List<Integer> lengths = IntStream.range(0, 16).mapToObj(UnlikeLengthsTest::length).toList();
    assertThat(Batches.of(lengths, 16, each -> each)).hasSize(2);

    TinyRun grouped = run("grouped");
    TinyRun single = run("single", "dpo.micro-batch-size=1");
    float[] weights = train(grouped);
    assertThat(train(single)).containsExactly(weights, within(1e-5f));
    assertThat(TinyModel.weights(model.uri(), Head.NONE)).isNotEqualTo(weights);
    assertSame(grouped, single);
  }

  @Test
  void twoRanksLearnWhatOneDoes() {
    TinyRun one = run("one");
    TinyRun two = run("two", "cluster.ranks=2");
    float[] weights = train(one);
    assertThat(train(two)).containsExactly(weights, within(1e-5f));
    assertSame(one, two);
  }

  private static void assertSame(TinyRun one, TinyRun other) {
    for (String figure : List.of("loss", "margin", "grad_norm", "chosen_logprob")) {
      TreeMap<Long, Double> expected = one.metric("dpo", figure);
      assertThat(expected).hasSize(2);
      other
          .metric("dpo", figure)
          .forEach(
              (step, value) ->
                  assertThat(value)
                      .as("%s of step %d", figure, step)
                      .isCloseTo(
                          expected.get(step),
                          within(1e-5 * Math.max(1, Math.abs(expected.get(step))))));
    }
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheBit() {
    float[] calm = train(run("calm"));
    TinyRun stopped = run("stopped");
    TinyRun interrupted = new TinyRun(Interruption.at(1, stopped.context()));
    assertThatThrownBy(() -> train(interrupted)).isInstanceOf(Interruption.class);
    assertThat(train(new TinyRun(Interruption.resumed(stopped.context())))).isEqualTo(calm);
  }
}
