package org.plumbline.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.objective.PlackettLuceLoss;

/** Losses of a reward model. */
final class RewardEquations {
  static final Map<String, Equation> ALL =
      Map.of(
          "reward/bradley-terry", given -> bradleyTerry(given, 0),
          "reward/margin", given -> bradleyTerry(given, 0),
          "reward/soft-label", given -> bradleyTerry(given, 0),
          "reward/centering", given -> bradleyTerry(given, given.param("centering")),
          "reward/lesson-example", RewardEquations::lessonExample,
          "reward/plackett-luce", RewardEquations::plackettLuce);

  private RewardEquations() {}

  private static Outputs bradleyTerry(Given given, double centering) {
    NDArray chosen = given.array("chosen");
    NDArray rejected = given.array("rejected");
    NDArray probability =
        given.hasInput("probability") ? given.array("probability") : chosen.onesLike();
    BradleyTerryLoss loss = new BradleyTerryLoss(centering);
    NDArray perPair =
        given.hasInput("margin")
            ? loss.perPair(chosen, rejected, probability, given.array("margin"))
            : loss.perPair(chosen, rejected, probability);
    NDArray right = chosen.gt(rejected).toType(DataType.FLOAT32, false);
    return new Outputs()
        .with("perPair", perPair)
        .with("mean", perPair.mean())
        .with("accuracy", right.mean());
  }

  /** Scores as far apart as the probability calls for, and a judgment for the better response. */
  private static Outputs lessonExample(Given given) {
    NDArray probability = given.array("probability");
    NDArray gap = probability.div(probability.neg().add(1)).log();
    NDArray loss = new BradleyTerryLoss(0).perPair(gap, gap.zerosLike(), gap.onesLike());
    return new Outputs().with("gap", gap).with("loss", loss);
  }

  private static Outputs plackettLuce(Given given) {
    NDArray perPrompt = new PlackettLuceLoss().perPrompt(given.array("scores"));
    return new Outputs().with("perPrompt", perPrompt).with("mean", perPrompt.mean());
  }
}
