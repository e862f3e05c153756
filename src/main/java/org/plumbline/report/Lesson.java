package org.plumbline.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The worked example: what one judgment of known probability asks of a reward model. Bradley and
 * Terry (1952): P(B &gt; A) = sigmoid(r_B - r_A).
 *
 * @param probability P(B &gt; A), in (0, 1)
 * @param gap r_B - r_A that gives this probability: logit(p) = ln(p / (1 - p))
 * @param loss -ln sigmoid(gap), the loss of a reward model with that gap when B wins, in nats
 * @param untrainedLoss the loss at gap 0, ln 2
 * @param entropy the least loss that soft labels of this probability leave, in nats
 * @param curve points (gap, P) of the sigmoid
 */
record Lesson(
    double probability,
    double gap,
    double loss,
    double untrainedLoss,
    double entropy,
    List<double[]> curve) {
  static Lesson ofProbability(double probability) {
    double gap = Math.log(probability / (1 - probability));
    return new Lesson(
        probability,
        gap,
        lossAt(gap),
        lossAt(0),
        probability * lossAt(gap) + (1 - probability) * lossAt(-gap),
        sigmoidCurve());
  }

  private static double sigmoid(double gap) {
    return 1 / (1 + Math.exp(-gap));
  }

  private static double lossAt(double gap) {
    return -Math.log(sigmoid(gap));
  }

  private static List<double[]> sigmoidCurve() {
    List<double[]> points = new ArrayList<>();
    for (int tenths = -50; tenths <= 50; tenths++) {
      points.add(new double[] {tenths / 10.0, sigmoid(tenths / 10.0)});
    }
    return points;
  }
}
