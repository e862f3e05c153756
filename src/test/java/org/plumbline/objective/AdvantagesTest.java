package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** From log-probabilities and a score to whitened advantages, on numbers done by hand. */
class AdvantagesTest {
  private static final float TOLERANCE = 1e-6f;

  @Test
  void scoreComesOnTheLastTokenOnTopOfItsPenalty() {
    // q = -0.2 + 0.4, ...: 0.2, -0.1, 0.3; times -0.05; the score of 1.5 on the last.
    float[] rewards = new TokenRewards(0.05).of(floats(-1, -.5, -.2), floats(-1.2, -.4, -.5), 1.5);
    assertThat(rewards).containsExactly(floats(-0.01, 0.005, 1.485), within(TOLERANCE));
  }

  @Test
  void penaltyAndNegativeScoreOfALongerCompletion() {
    float[] rewards =
        new TokenRewards(0.05)
            .of(floats(-.3, -.4, -.6, -.7, -.1), floats(-.5, -.3, -.6, -.9, -.2), -0.5);
    assertThat(rewards).containsExactly(floats(-0.01, 0.005, 0, -0.01, -0.505), within(TOLERANCE));
  }

  @Test
  void advantagesRunBackwardsFromTheLastToken() {
    // delta_3 = 1.5 - 0.4 = 1.1; delta_2 = -0.015 + 0.4 - 0.3 = 0.085, and 0.085 + 0.95 1.1 = 1.13.
    var result =
        new GeneralizedAdvantage(1, 0.95)
            .of(floats(-.01, .005, -.015, 1.5), floats(.1, .2, .3, .4));
    assertThat(result.advantages())
        .containsExactly(floats(1.209575, 1.1785, 1.13, 1.1), within(TOLERANCE));
    assertThat(result.returns())
        .containsExactly(floats(1.309575, 1.3785, 1.43, 1.5), within(TOLERANCE));
  }

  @Test
  void lambdaZeroIsTheTemporalDifference() {
    // gamma 0.5, so r + V'/2 - V: 0 + 0.5 - 0, 0 + 1 - 1, 1 + 1.5 - 2, 0 - 3.
    var result = new GeneralizedAdvantage(0.5, 0).of(floats(0, 0, 1, 0), floats(0, 1, 2, 3));
    assertThat(result.advantages()).containsExactly(floats(0.5, 0, 0.5, -3), within(TOLERANCE));
  }

  @Test
  void lambdaOneIsTheDiscountedReturnLessTheValue() {
    var result = new GeneralizedAdvantage(0.5, 1).of(floats(1, 0, 4), floats(7, 8, 9));
    assertThat(result.returns()).containsExactly(floats(2, 2, 4), within(TOLERANCE));
    assertThat(result.advantages()).containsExactly(floats(-5, -6, -5), within(TOLERANCE));
  }

  @Test
  void whiteningIsOverTheTokensOfAllRows() {
    List<float[]> rows =
        List.of(
            floats(1.209575, 1.1785, 1.13),
            floats(-.3799644062, -.494699375, -.6312625, -.76975, -.905));
    Whitening whitening = Whitening.over(rows);
    assertThat(whitening.mean()).isCloseTo(0.0421748398, within(1e-6));
    assertThat(whitening.variance()).isCloseTo(0.9019624317, within(1e-6));
    assertThat(whitening.of(rows.get(0)))
        .containsExactly(floats(1.2292084066, 1.1964881342, 1.1454202915), within(TOLERANCE));
  }

  @Test
  void varianceIsUnbiasedAndTheMeanCanStay() {
    // 2 and 3: mean 2.5, variance (0.25 + 0.25) / 1.
    Whitening whitening = Whitening.over(List.of(floats(2), floats(3)));
    assertThat(whitening).isEqualTo(new Whitening(2.5, 0.5));
    assertThat(whitening.of(floats(3))[0]).isCloseTo((float) Math.sqrt(0.5), within(TOLERANCE));
    assertThat(whitening.keepMean(floats(3))[0])
        .isCloseTo((float) (2.5 + Math.sqrt(0.5)), within(TOLERANCE));
  }

  @Test
  void equalNumbersWhitenToZero() {
    List<float[]> rows = List.of(floats(2, 2), floats(2));
    assertThat(Whitening.over(rows).of(rows.get(0))).containsOnly(0);
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThatThrownBy(() -> new TokenRewards(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid klCoef: -1.0 (must be >= 0)");
    assertThatThrownBy(() -> new TokenRewards(1).of(floats(), floats(), 1.5))
        .hasMessage("Cannot reward a completion: it has no token to carry its score of 1.5");
    assertThatThrownBy(() -> new TokenRewards(1).of(floats(1, 2), floats(1), 1.5))
        .hasMessage("Invalid length of refLogProbs: 1 (must be 2)");
    assertThatThrownBy(() -> new GeneralizedAdvantage(1.5, 1))
        .hasMessage("Invalid gamma: 1.5 (must be between 0 and 1)");
    assertThatThrownBy(() -> new GeneralizedAdvantage(1, 1).of(floats(1), floats(1, 2)))
        .hasMessage("Invalid length of values: 2 (must be 1)");
    assertThatThrownBy(() -> Whitening.over(List.of(floats(1), floats())))
        .hasMessage("Cannot whiten a batch: 1 of the 2 tokens that a variance needs");
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
