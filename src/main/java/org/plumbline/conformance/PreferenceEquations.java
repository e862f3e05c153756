package org.plumbline.conformance;

import static java.util.Map.entry;

import ai.djl.ndarray.NDArray;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.plumbline.objective.AotLoss;
import org.plumbline.objective.AotUnpairedLoss;
import org.plumbline.objective.ApoDownLoss;
import org.plumbline.objective.ApoZeroLoss;
import org.plumbline.objective.BcoPairLoss;
import org.plumbline.objective.CpoLoss;
import org.plumbline.objective.DiscoPopLoss;
import org.plumbline.objective.Divergence;
import org.plumbline.objective.DpoLoss;
import org.plumbline.objective.ExoLoss;
import org.plumbline.objective.HingeLoss;
import org.plumbline.objective.IpoLoss;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.NcaLoss;
import org.plumbline.objective.NormalizedDpoLoss;
import org.plumbline.objective.OrpoLoss;
import org.plumbline.objective.PairLogProbs;
import org.plumbline.objective.PreferenceLoss;
import org.plumbline.objective.ResponseLogProbs;
import org.plumbline.objective.RobustDpoLoss;
import org.plumbline.objective.Scalar;
import org.plumbline.objective.SimpoLoss;
import org.plumbline.objective.SppoLoss;

/** Direct methods: losses of pairs and of single responses. */
final class PreferenceEquations {
  static final Map<String, Equation> ALL =
      Map.ofEntries(
          entry("dpo/sigmoid", pairs(given -> new DpoLoss(beta(given)))),
          entry(
              "dpo/sigmoid-smoothed",
              pairs(given -> new DpoLoss(beta(given)), given -> 1 - given.param("labelSmoothing"))),
          entry(
              "dpo/robust",
              pairs(given -> new RobustDpoLoss(beta(given), given.param("labelSmoothing")))),
          entry("dpo/hinge", pairs(given -> new HingeLoss(beta(given)))),
          entry("dpo/ipo", pairs(given -> new IpoLoss(beta(given)))),
          entry("dpo/exo", pairs(given -> new ExoLoss(beta(given), given.param("labelSmoothing")))),
          entry("dpo/nca", pairs(given -> new NcaLoss(beta(given)))),
          entry("dpo/bco", pairs(given -> new BcoPairLoss(beta(given)))),
          entry("dpo/sppo", pairs(given -> new SppoLoss(beta(given)))),
          entry("dpo/aot", pairs(given -> new AotLoss(beta(given)))),
          entry("dpo/aot-unpaired", pairs(given -> new AotUnpairedLoss(beta(given)))),
          entry("dpo/apo-zero", pairs(given -> new ApoZeroLoss(beta(given)))),
          entry("dpo/apo-down", pairs(given -> new ApoDownLoss(beta(given)))),
          entry("dpo/discopop", pairs(given -> new DiscoPopLoss(beta(given), given.param("tau")))),
          entry("dpo/sigmoid-norm", pairs(given -> new NormalizedDpoLoss(beta(given)))),
          entry(
              "dpo/f-divergence/forwardKl",
              pairs(given -> new DpoLoss(beta(given), new Divergence.ForwardKl()))),
          entry(
              "dpo/f-divergence/jensenShannon",
              pairs(given -> new DpoLoss(beta(given), new Divergence.JensenShannon()))),
          entry(
              "dpo/f-divergence/alpha",
              pairs(given -> new DpoLoss(beta(given), new Divergence.Alpha(given.param("alpha"))))),
          entry("simpo", pairs(given -> new SimpoLoss(beta(given), given.param("gamma")))),
          entry("cpo", pairs(given -> new CpoLoss(beta(given)))),
          entry("orpo/odds-ratio", PreferenceEquations::oddsRatio),
          entry("kto", PreferenceEquations::kto));

  private PreferenceEquations() {}

  private static double beta(Given given) {
    return given.param("beta");
  }

  /** Pairs whose label is sure. */
  private static Equation pairs(Function<Given, PreferenceLoss> loss) {
    return pairs(loss, given -> 1);
  }

  private static Equation pairs(
      Function<Given, PreferenceLoss> loss, ToDoubleFunction<Given> probability) {
    return given -> {
      PairLogProbs batch = new PairLogProbs(response(given, "Chosen"), response(given, "Rejected"));
      NDArray label = Scalar.times(batch.margin().onesLike(), probability.applyAsDouble(given));
      NDArray perPair = loss.apply(given).perPair(batch, label);
      return new Outputs().with("perPair", perPair).with("mean", perPair.mean());
    };
  }

  private static Outputs oddsRatio(Given given) {
    PairLogProbs batch = new PairLogProbs(response(given, "Chosen"), response(given, "Rejected"));
    OrpoLoss loss = new OrpoLoss(given.param("lam"));
    NDArray perPair = loss.perPair(batch);
    return new Outputs()
        .with("logOdds", loss.logOdds(batch))
        .with("perPair", perPair)
        .with("mean", perPair.mean());
  }

  /** Chosen responses are desirable; losses of single responses are those without weights. */
  private static Outputs kto(Given given) {
    ResponseLogProbs desirable = response(given, "Chosen");
    ResponseLogProbs undesirable = response(given, "Rejected");
    NDArray yes = desirable.policy().onesLike();
    NDArray no = undesirable.policy().zerosLike();
    float[] mismatched = given.array("klPolicy").sub(given.array("klReference")).toFloatArray();
    double kl = KtoLoss.shift(mismatched);
    KtoLoss plain = new KtoLoss(beta(given), 1, 1);
    KtoLoss weighted =
        new KtoLoss(beta(given), given.param("desirableWeight"), given.param("undesirableWeight"));
    NDArray all =
        weighted.perResponse(desirable, yes, kl).concat(weighted.perResponse(undesirable, no, kl));
    return new Outputs()
        .with("kl", kl)
        .with("desirable", plain.perResponse(desirable, yes, kl))
        .with("undesirable", plain.perResponse(undesirable, no, kl))
        .with("mean", all.mean());
  }

  private static ResponseLogProbs response(Given given, String side) {
    return new ResponseLogProbs(
        given.array("policy" + side),
        given.array("reference" + side),
        given.array(side.toLowerCase(Locale.ROOT) + "Tokens"));
  }
}
