package org.plumbline.policy;

import java.util.List;
import org.plumbline.config.PpoSettings;
import org.plumbline.objective.GeneralizedAdvantage;
import org.plumbline.objective.GroupAdvantage;
import org.plumbline.objective.ReinforcePlusPlus;

/** Says of an iteration's completions how much better than expected they were. */
interface AdvantageEstimator {
  /**
   * One estimate a completion, in their order.
   *
   * @param completions those of one prompt next to each other
   */
  List<Estimate> of(List<Earned> completions);

  /** The one that {@code settings} ask for. */
  static AdvantageEstimator of(PpoSettings settings) {
    return switch (settings.advantageEstimator()) {
      case "gae" ->
          new CriticAdvantages(new GeneralizedAdvantage(settings.gamma(), settings.lam()));
      case "reinforce++" -> new ReturnAdvantages(new ReinforcePlusPlus(settings.gamma()));
      default ->
          new GroupAdvantages(grouped(settings.advantageEstimator()), settings.samplesPerPrompt());
    };
  }

  private static GroupAdvantage grouped(String name) {
    return switch (name) {
      case "grpo" -> new GroupAdvantage.Grpo();
      case "dr-grpo" -> new GroupAdvantage.DrGrpo();
      case "rloo" -> new GroupAdvantage.Rloo();
      case "reinforce++-baseline" -> new GroupAdvantage.ReinforcePlusPlusBaseline();
      default -> throw new IllegalArgumentException("No estimator of advantages is called " + name);
    };
  }
}
