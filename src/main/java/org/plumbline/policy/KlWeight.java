package org.plumbline.policy;

import java.util.Optional;
import org.plumbline.config.PpoSettings;
import org.plumbline.objective.AdaptiveKlCoef;

/** The weight of the KL penalty, fixed or steered to a target, iteration by iteration. */
final class KlWeight {
  private final Optional<AdaptiveKlCoef> controller;
  private double coef;

  private KlWeight(double coef, Optional<AdaptiveKlCoef> controller) {
    this.coef = coef;
    this.controller = controller;
  }

  static KlWeight of(PpoSettings settings) {
    return new KlWeight(
        settings.klCoef(),
        settings.klTarget() == 0
            ? Optional.empty()
            : Optional.of(new AdaptiveKlCoef(settings.klTarget(), settings.klHorizon())));
  }

  double now() {
    return coef;
  }

  /** Goes on with {@code coef}, as an interrupted run left it. */
  void resume(double left) {
    coef = left;
  }

  /** After an iteration of so many completions whose mean KL was {@code kl}. */
  void steer(double kl, int completions) {
    controller.ifPresent(each -> coef = each.next(coef, kl, completions));
  }
}
