package org.plumbline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class FitTest {
  private static List<Fit.Point> points(DoubleUnaryOperator gain) {
    List<Fit.Point> points = new ArrayList<>(List.of(new Fit.Point(0, 0)));
    for (double d = 0.5; d < 4; d += 0.5) {
      points.add(new Fit.Point(d, gain.applyAsDouble(d)));
    }
    return points;
  }

  @Test
  void findsWhatMadeThePoints() {
    List<Fit.Point> searched = points(d -> d * (2 - 0.3 * d));
    is(Fit.ofSearch(searched).orElseThrow());
    assertThat(Fit.ofReinforcement(searched).orElseThrow().rSquared()).isLessThan(0.99);
    List<Fit.Point> reinforced = points(d -> d * (2 - 0.3 * Math.log(d)));
    is(Fit.ofReinforcement(reinforced).orElseThrow());
    assertThat(Fit.ofSearch(reinforced).orElseThrow().rSquared()).isLessThan(0.9999);
  }

  private static void is(Fit fit) {
    assertThat(fit.a()).isCloseTo(2, within(1e-9));
    assertThat(fit.b()).isCloseTo(0.3, within(1e-9));
    assertThat(fit.rSquared()).isCloseTo(1, within(1e-9));
  }

  @Test
  void whatItDoesNotExplainIsInRSquared() {
    List<Fit.Point> points = points(d -> d * (2 - 0.3 * d));
    points.set(3, new Fit.Point(1.5, 0));
    assertThat(Fit.ofSearch(points).orElseThrow().rSquared()).isLessThan(0.9);
    assertThat(Fit.ofSearch(points.subList(0, 3))).as("two points say nothing").isEmpty();
  }
}
