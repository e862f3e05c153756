package org.plumbline.train;

import java.io.Serializable;
import org.plumbline.config.OptimizerSettings;

/** The learning rate of every step: a linear warm-up, then constant, linear or cosine to 0. */
public record LearningRate(double peak, int warmupSteps, String schedule, long totalSteps)
    implements Serializable {
  /** The schedule of {@code optimizer} over {@code totalSteps} updates. */
  public static LearningRate of(double peak, OptimizerSettings optimizer, long totalSteps) {
    return new LearningRate(peak, optimizer.warmupSteps(), optimizer.schedule(), totalSteps);
  }

  /** The rate of step {@code step}, counted from 1. */
  double at(long step) {
    if (step <= warmupSteps) {
      return peak * step / warmupSteps;
    }
    double left = 1 - (step - 1.0 - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    return switch (schedule) {
      case "constant" -> peak;
      case "linear" -> peak * left;
      case "cosine" -> peak * 0.5 * (1 + Math.cos(Math.PI * (1 - left)));
      default -> throw new IllegalArgumentException("Invalid schedule: " + schedule);
    };
  }
}
