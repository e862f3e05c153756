package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.RolloutRow;
import org.plumbline.testing.TinyRun;

/** KL coefficient 0.2, gamma 1, lambda 0.5; everything else can be done on paper. */
class PpoExamplesTest {
  private static final RolloutRow TWO_TOKENS =
      new RolloutRow("ppo", TinyRun.promptId(0), 1, "", 3.0, -0.5);
  private static final RolloutRow ONE_TOKEN =
      new RolloutRow("ppo", TinyRun.promptId(1), 1, "", 0.5, 0);

  @TempDir Path folder;

  private List<PpoExample> examples(Row... rows) {
    return examples(List.of("ppo.lam=0.5", "ppo.missing-eos-penalty=1"), rows);
  }

  private List<PpoExample> examples(List<String> sets, Row... rows) {
    PpoExamples examples =
        PpoExamples.of(TinyRun.in(folder, sets.toArray(String[]::new)).context().settings().ppo());
    return examples.of(
        LocalSpark.session()
            .createDataFrame(List.of(rows), RolloutsTable.TABLE.schema())
            .collectAsList(),
        0.2);
  }

  /** Rewards, KL included, of -0.1 + 3.2 = 3.1 and 0.5. */
  private List<PpoExample> grouped(String estimator, String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of("ppo.advantage-estimator=" + estimator, "ppo.samples-per-prompt=2"));
    sets.addAll(List.of(more));
    return examples(
        sets,
        TWO_TOKENS.row(new float[] {-1, -2}, new float[] {-1.5f, -1}, null, "stop"),
        ONE_TOKEN.row(new float[] {-1}, new float[] {-1}, null, "stop"));
  }

  @Test
  void aGroupTakesTheCriticsPlace() {
    List<PpoExample> rloo = grouped("rloo");
    assertThat(rloo.get(0).advantages()).containsExactly(new float[] {2.6f, 2.6f}, within(1e-5f));
    assertThat(rloo.get(1).advantages()).containsExactly(new float[] {-2.6f}, within(1e-5f));
    assertThat(rloo.get(0).values()).isEmpty();
    assertThat(rloo.get(0).returns()).isEmpty();
    assertThat(grouped("dr-grpo").get(1).advantages())
        .containsExactly(new float[] {-1.3f}, within(1e-5f));
    double std = Math.sqrt(2 * 1.3 * 1.3);
    assertThat(grouped("grpo").get(0).advantages()[1])
        .isCloseTo((float) (1.3 / (std + 1e-4)), within(1e-5f));
    assertThat(grouped("reinforce++-baseline").get(0).advantages()[1])
        .isCloseTo((float) (1.3 / std), within(1e-5f));
  }

  @Test
  void withoutCriticOrGroupReturnsAreWhitened() {
    // Returns: 0.9 * 3.2 - 0.1 = 2.78 and 3.2; 0.5. Mean 2.16, squares 0.3844, 1.0816 and 2.7556.
    List<PpoExample> examples = grouped("reinforce++", "ppo.gamma=0.9");
    float deviation = (float) Math.sqrt(4.2216 / 2);
    assertThat(examples.get(0).advantages())
        .containsExactly(new float[] {0.62f / deviation, 1.04f / deviation}, within(1e-5f));
    assertThat(examples.get(1).advantages())
        .containsExactly(new float[] {-1.66f / deviation}, within(1e-5f));
  }

  @Test
  void theKlMayBeLeftToTheLoss() {
    List<PpoExample> examples = grouped("dr-grpo", "ppo.kl-in=loss");
    assertThat(examples.get(0).advantages())
        .containsExactly(new float[] {1.25f, 1.25f}, within(1e-5f));
    assertThat(examples.get(0).reference()).containsExactly(-1.5f, -1);
    assertThat(grouped("dr-grpo").get(0).reference()).isEmpty();
    // k2: 0.2 * (0.125 + 0.5) = 0.125 off the score of 3, next to 0.5.
    assertThat(grouped("dr-grpo", "ppo.kl-estimator=k2").get(0).advantages()[0])
        .isCloseTo((2.875f - 0.5f) / 2, within(1e-5f));
  }

  @Test
  void scoresAreBoundedAndLengthIsPaidFor() {
    assertThat(grouped("dr-grpo", "ppo.kl-in=loss", "ppo.score-clip=1").get(0).advantages()[0])
        .isCloseTo(0.25f, within(1e-5f));
    // Two tokens of at most three, of which the last two are the buffer: half the penalty.
    assertThat(
            grouped(
                    "dr-grpo",
                    "ppo.kl-in=loss",
                    "ppo.generation.max-new-tokens=3",
                    "ppo.overlong-buffer=2",
                    "ppo.overlong-penalty=3")
                .get(0)
                .advantages()[0])
        .isCloseTo((3 - 1.5f - 0.5f) / 2, within(1e-5f));
  }

  private static Row twoTokens(String finish) {
    return TWO_TOKENS.row(
        new float[] {-1, -2}, new float[] {-1.5f, -1}, new float[] {1, 2}, finish);
  }

  @Test
  void advantagesAreWhitenedOverAllTokens() {
    Row one = ONE_TOKEN.row(new float[] {-1}, new float[] {-1}, new float[] {0}, "stop");
    List<PpoExample> examples = examples(twoTokens("stop"), one);

    // Rewards: -0.2 * 0.5 = -0.1, and 3 - 0.2 * -1 = 3.2. Errors: -0.1 + 2 - 1 = 0.9 and 3.2 - 2 =
    // 1.2. Advantages: 0.9 + 0.5 * 1.2 = 1.5 and 1.2. The other completion: 0.5.
    // All three: mean 16/15, unbiased variance 0.526667 / 2.
    float deviation = (float) Math.sqrt(0.5266667 / 2);
    float mean = 3.2f / 3;
    assertThat(examples.get(0).advantages())
        .containsExactly(
            new float[] {(1.5f - mean) / deviation, (1.2f - mean) / deviation}, within(1e-5f));
    assertThat(examples.get(1).advantages())
        .containsExactly(new float[] {(0.5f - mean) / deviation}, within(1e-5f));
    // advantages before whitening, plus values
    assertThat(examples.get(0).returns()).containsExactly(new float[] {2.5f, 3.2f}, within(1e-6f));
    assertThat(examples.get(1).returns()).containsExactly(new float[] {0.5f}, within(1e-6f));
    assertThat(examples.get(0).logprobs()).containsExactly(-1, -2);
    assertThat(examples.get(0).values()).containsExactly(1, 2);
    assertThat(examples.get(0).length()).isEqualTo(4);
  }

  @Test
  void aCompletionThatWasCutOffPaysThePenalty() {
    // A score of 2: rewards -0.1 and 2.2, advantages 0.9 + 0.5 * 0.2 = 1.0 and 0.2.
    PpoExample cut = examples(twoTokens("length")).get(0);
    assertThat(cut.returns()).containsExactly(new float[] {2.0f, 2.2f}, within(1e-6f));
    float half = (float) Math.sqrt(0.5);
    assertThat(cut.advantages()).containsExactly(new float[] {half, -half}, within(1e-5f));
  }
}
