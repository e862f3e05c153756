package org.plumbline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.table.MetricsTable;
import org.plumbline.testing.TinyRun;

class OptimizationTest {
  @TempDir Path folder;

  /** Ten iterations; the first has the start, at a KL that chance made less than 0. */
  private TinyRun run(boolean gold) {
    List<Row> rows = new ArrayList<>();
    for (long step = 10; step > 0; step--) {
      double d = step - 1;
      rows.add(row(step, "kl", step == 1 ? -0.01 : d * d));
      rows.add(row(step, "score", step == 1 ? 5 : 5 + d * (2 - 0.1 * Math.log(d))));
      if (gold) {
        rows.add(row(step, "gold", step == 1 ? -1 : -1 + d * (1 - 0.6 * Math.log(d))));
      }
      rows.add(row(step, "loss", 7));
    }
    return TinyRun.in(folder).table(MetricsTable.TABLE, "ppo/metrics", rows);
  }

  private static Row row(long step, String name, double value) {
    return RowFactory.create("ppo", step, name, value, 0.0);
  }

  @Test
  void goldLosesWhereTheScoreGains() {
    Optimization found = new EvaluateStage(run(true).context()).execute().optimization();

    assertThat(found.iterations()).isEqualTo(10);
    assertThat(found.kl()).isEqualTo(81);
    assertThat(found.scoreFit().a()).isCloseTo(2, within(1e-9));
    assertThat(found.scoreFit().b()).isCloseTo(0.1, within(1e-9));
    assertThat(found.goldFit().a()).isCloseTo(1, within(1e-9));
    assertThat(found.goldFit().b()).isCloseTo(0.6, within(1e-9));
    assertThat(found.goldFit().rSquared()).isCloseTo(1, within(1e-9));
  }

  @Test
  void withoutGoldThereIsNoFitOfIt() {
    Optimization found = Optimization.of(run(false).context()).orElseThrow();
    assertThat(found.scoreFit()).isNotNull();
    assertThat(found.goldFit()).isNull();
  }
}
