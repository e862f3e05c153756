package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BestTest {
  private static Best after(String metric, double... values) {
    Best best = Best.NONE;
    for (int i = 0; i < values.length; i++) {
      best = best.with(new Update(i + 1, Map.of("loss", 9.0, "eval_" + metric, values[i])), metric);
    }
    return best;
  }

  @Test
  void aLossIsTheBetterTheLowerItIsAndOtherFiguresTheHigher() {
    assertThat(after("loss", 0.5, 0.4, 0.6)).isEqualTo(new Best(2, Map.of("eval_loss", 0.4), 1));
    assertThat(after("accuracy", 0.5, 0.4, 0.6))
        .isEqualTo(new Best(3, Map.of("eval_accuracy", 0.6), 0));
  }

  @Test
  void theSameAgainIsNoBetter() {
    assertThat(after("loss", 0.5, 0.5, 0.5).stale()).isEqualTo(2);
  }

  @Test
  void whatIsNotANumberIsNeverTheBest() {
    assertThat(after("loss", Double.NaN, 0.5, Double.NaN))
        .isEqualTo(new Best(2, Map.of("eval_loss", 0.5), 1));
    assertThat(after("margin", Double.NaN)).isEqualTo(new Best(0, Map.of(), 1));
  }

  @Test
  void saysWhichFiguresThereAre() {
    assertThatThrownBy(() -> Best.NONE.with(new Update(1, Map.of("eval_loss", 0.5)), "margin"))
        .hasMessage("Invalid eval.metric: margin (must be one of [eval_loss])");
  }
}
