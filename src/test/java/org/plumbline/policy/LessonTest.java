package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.direct.ReferencedPair;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.RolloutRow;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.TokenResponse;

/** Completions of one, two and three tokens that earn 1, 3 and 2. */
class LessonTest {
  private static final List<Row> COMPLETIONS =
      List.of(
          completion(1, 1, new float[] {-1}, new float[] {-1}),
          completion(2, 3, new float[] {-1, -2}, new float[] {-2, -4}),
          completion(3, 2, new float[] {-1, -1, -1}, new float[] {-1, -2, -1}));

  @TempDir Path folder;

  private static Row completion(int sample, double score, float[] logprobs, float[] reference) {
    return new RolloutRow("ppo", TinyRun.promptId(0), sample, "", score, 0)
        .row(logprobs, reference, null, "stop");
  }

  private Settings settings(String from, String... more) {
    List<String> sets =
        new ArrayList<>(List.of("ppo.learn-from=" + from, "ppo.samples-per-prompt=3"));
    sets.addAll(List.of(more));
    return TinyRun.in(folder, sets.toArray(String[]::new)).context().settings();
  }

  private static List<Row> rows(List<Row> rows) {
    return LocalSpark.session().createDataFrame(rows, RolloutsTable.TABLE.schema()).collectAsList();
  }

  private List<TokenResponse> best(double klCoef) {
    return new BestCompletions(settings("best").ppo()).of(rows(COMPLETIONS), klCoef);
  }

  private List<ReferencedPair> pairs(List<Row> rows, double klCoef, String... more) {
    return new CompletionPairs(settings("pairs", more)).of(rows(rows), klCoef);
  }

  @Test
  void theBestOfAPromptIsImitated() {
    assertThat(best(0)).hasSize(1);
    assertThat(best(0).get(0).response()).hasSize(2);
    assertThat(best(0).get(0).prompt()).containsExactly(2, 3);
  }

  /** The second's KL is 3, the third's 1: from a coefficient of 1/2 on, the third is worth more. */
  @Test
  void klIsTakenOffWhatItIsTheBestBy() {
    assertThat(best(0.49).get(0).response()).hasSize(2);
    assertThat(best(0.51).get(0).response()).hasSize(3);
  }

  @Test
  void theBestIsPreferredToTheWorst() {
    List<ReferencedPair> pairs = pairs(COMPLETIONS, 0);
    assertThat(pairs).hasSize(1);
    ReferencedPair pair = pairs.get(0);
    assertThat(pair.pair().chosen()).hasSize(2);
    assertThat(pair.pair().rejected()).hasSize(1);
    assertThat(pair.pair().probability()).isEqualTo(1);
    assertThat(pair.refChosen()).isCloseTo(-6, within(1e-6));
    assertThat(pair.refRejected()).isCloseTo(-1, within(1e-6));
  }

  @Test
  void equalsMakeAPairThatNobodyIsSureOf() {
    List<Row> equal = List.of(COMPLETIONS.get(0), COMPLETIONS.get(0), COMPLETIONS.get(0));
    assertThat(pairs(equal, 0).get(0).pair().probability()).isEqualTo(0.5);
    // Within bounds of 1 all earn the same.
    assertThat(pairs(COMPLETIONS, 0, "ppo.score-clip=1").get(0).pair().probability())
        .isEqualTo(0.5);
  }
}
