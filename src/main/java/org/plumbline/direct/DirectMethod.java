package org.plumbline.direct;

import java.util.Optional;
import org.plumbline.config.DpoSettings;
import org.plumbline.objective.AotLoss;
import org.plumbline.objective.AotUnpairedLoss;
import org.plumbline.objective.ApoDownLoss;
import org.plumbline.objective.ApoZeroLoss;
import org.plumbline.objective.BcoLoss;
import org.plumbline.objective.BcoPairLoss;
import org.plumbline.objective.CpoLoss;
import org.plumbline.objective.DiscoPopLoss;
import org.plumbline.objective.Divergence;
import org.plumbline.objective.DpoLoss;
import org.plumbline.objective.ExoLoss;
import org.plumbline.objective.HingeLoss;
import org.plumbline.objective.IpoLoss;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.MixedLoss;
import org.plumbline.objective.NcaLoss;
import org.plumbline.objective.NormalizedDpoLoss;
import org.plumbline.objective.OrpoLoss;
import org.plumbline.objective.PreferenceLoss;
import org.plumbline.objective.RobustDpoLoss;
import org.plumbline.objective.SimpoLoss;
import org.plumbline.objective.SppoLoss;
import org.plumbline.objective.UnpairedLoss;

/** The equation that settings name. */
public final class DirectMethod {
  private DirectMethod() {}

  /** The loss {@code dpo.loss} if it is one of single responses. */
  public static Optional<UnpairedLoss> unpaired(DpoSettings settings) {
    if (!settings.losses().isEmpty()) {
      return Optional.empty();
    }
    return switch (settings.loss()) {
      case "kto" ->
          Optional.of(
              new KtoLoss(
                  settings.beta(), settings.desirableWeight(), settings.undesirableWeight()));
      case "bco-unpaired" -> Optional.of(new BcoLoss(settings.beta()));
      default -> Optional.empty();
    };
  }

  /**
   * The loss {@code dpo.loss} of pairs, or the mixture {@code dpo.losses}, with its parameters.
   *
   * @throws IllegalArgumentException if there is no such loss
   */
  static PreferenceLoss of(DpoSettings settings) {
    return settings.losses().isEmpty()
        ? of("dpo.loss", settings.loss(), settings)
        : new MixedLoss(
            settings.losses().stream()
                .map(
                    each ->
                        new MixedLoss.Part(of("dpo.losses", each.loss(), settings), each.weight()))
                .toList());
  }

  private static PreferenceLoss of(String setting, String loss, DpoSettings settings) {
    double beta = settings.beta();
    return switch (loss) {
      case "sigmoid" -> new DpoLoss(beta, divergence(settings));
      case "robust" -> new RobustDpoLoss(beta, settings.labelSmoothing());
      case "hinge" -> new HingeLoss(beta);
      case "ipo" -> new IpoLoss(beta);
      case "exo" -> new ExoLoss(beta, settings.labelSmoothing());
      case "nca" -> new NcaLoss(beta);
      case "bco" -> new BcoPairLoss(beta);
      case "sppo" -> new SppoLoss(beta);
      case "aot" -> new AotLoss(beta);
      case "aot-unpaired" -> new AotUnpairedLoss(beta);
      case "apo-zero" -> new ApoZeroLoss(beta);
      case "apo-down" -> new ApoDownLoss(beta);
      case "discopop" -> new DiscoPopLoss(beta, settings.tau());
      case "sigmoid-norm" -> new NormalizedDpoLoss(beta);
      case "orpo" -> new OrpoLoss(beta);
      case "simpo" -> new SimpoLoss(beta, settings.gamma());
      case "cpo" -> new CpoLoss(beta);
      default ->
          throw new IllegalArgumentException(
              "Invalid %s: %s (must be a loss of pairs)".formatted(setting, loss));
    };
  }

  private static Divergence divergence(DpoSettings settings) {
    return switch (settings.divergence()) {
      case "reverse-kl" -> new Divergence.ReverseKl();
      case "forward-kl" -> new Divergence.ForwardKl();
      case "jensen-shannon" -> new Divergence.JensenShannon();
      case "alpha" -> new Divergence.Alpha(settings.alpha());
      default ->
          throw new IllegalArgumentException("Invalid dpo.divergence: " + settings.divergence());
    };
  }
}
