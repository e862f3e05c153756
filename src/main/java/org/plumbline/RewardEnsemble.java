package org.plumbline;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.config.RewardSettings;
import org.plumbline.config.RewardTerm;
import org.plumbline.config.SettingsReader;
import org.plumbline.reward.RewardStage;
import org.plumbline.stage.StageContext;

/**
 * What completions earn where the run's reward model is an ensemble and {@code reward.terms} say
 * nothing else: a term for each member, their disagreement, and what they say together.
 */
final class RewardEnsemble {
  /** The term that is earned. */
  static final String TERM = "ensemble";

  /** The term with the standard deviation over members. */
  static final String DISAGREEMENT = "disagreement";

  private RewardEnsemble() {}

  /** {@code context} with such terms, if they are wanted; else as it is. */
  static StageContext in(StageContext context) {
    RewardSettings reward = context.settings().reward();
    boolean wanted = reward.members() > 1 && reward.terms().isEmpty();
    if (!wanted || RunModels.latest(context, RewardStage.folder(1)).isEmpty()) {
      return context;
    }
    List<String> names = new ArrayList<>(List.of(RewardTerm.SCORE));
    List<String> terms = new ArrayList<>(List.of("{model: trained, weight: 0}"));
    for (int member = 2; member <= reward.members(); member++) {
      String name = "member_" + member;
      String model = RunModels.trained(context, RewardStage.folder(member));
      names.add(name);
      terms.add("{name: %s, model: \"%s\", weight: 0}".formatted(name, model));
    }
    terms.add("{name: %s, sql: \"%s\", weight: 0}".formatted(DISAGREEMENT, deviation(names)));
    terms.add("{name: %s, sql: \"%s\"}".formatted(TERM, combined(reward, names)));
    return context.with(
        SettingsReader.with(
            context.settings(), "reward.terms", "[" + String.join(", ", terms) + "]"));
  }

  private static String combined(RewardSettings reward, List<String> names) {
    return switch (reward.combine()) {
      case "worst" -> "least(" + String.join(", ", names) + ")";
      case "uncertainty" ->
          "%s - %s * %s".formatted(mean(names), reward.uncertaintyCoef(), DISAGREEMENT);
      default -> mean(names);
    };
  }

  private static String mean(List<String> names) {
    return "(%s) / %d".formatted(String.join(" + ", names), names.size());
  }

  private static String deviation(List<String> names) {
    List<String> squares =
        names.stream().map(name -> "pow(%s - %s, 2)".formatted(name, mean(names))).toList();
    return "sqrt((%s) / %d)".formatted(String.join(" + ", squares), names.size());
  }
}
