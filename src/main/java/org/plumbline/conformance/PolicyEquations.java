package org.plumbline.conformance;

import static java.util.Map.entry;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.plumbline.objective.AdaptiveKlCoef;
import org.plumbline.objective.ClippedValueLoss;
import org.plumbline.objective.GeneralizedAdvantage;
import org.plumbline.objective.GroupAdvantage;
import org.plumbline.objective.KlEstimator;
import org.plumbline.objective.LossAggregation;
import org.plumbline.objective.PpoPolicyLoss;
import org.plumbline.objective.SequenceRatio;
import org.plumbline.objective.TokenRatio;
import org.plumbline.objective.TokenRewards;
import org.plumbline.objective.Whitening;

/** The reinforcement loop: rewards, advantages, losses, and what keeps the KL in bounds. */
final class PolicyEquations {
  static final Map<String, Equation> ALL =
      Map.ofEntries(
          entry("kl/estimators", PolicyEquations::klEstimators),
          entry("kl/adaptive", PolicyEquations::adaptiveKl),
          entry("ppo/token-rewards", PolicyEquations::tokenRewards),
          entry("ppo/gae", PolicyEquations::generalizedAdvantage),
          entry("ppo/whiten", PolicyEquations::whitening),
          entry(
              "ppo/policy-loss",
              given -> policyLoss(given, new PpoPolicyLoss(given.param("clip")))),
          entry("dapo/clip-higher", given -> policyLoss(given, asymmetric(given))),
          entry("ppo/dual-clip", given -> policyLoss(given, dualClip(given))),
          entry("gspo", PolicyEquations::sequencePolicyLoss),
          entry("ppo/value-loss", PolicyEquations::valueLoss),
          entry("group/advantages", PolicyEquations::groupAdvantages),
          entry("aggregate", PolicyEquations::aggregations));

  private PolicyEquations() {}

  private static Outputs klEstimators(Given given) {
    NDArray policy = given.array("policy");
    NDArray reference = given.array("reference");
    NDArray mask = given.array("mask");
    return new Outputs()
        .with("k1", new KlEstimator.K1().perToken(policy, reference).mul(mask))
        .with("k2", new KlEstimator.K2().perToken(policy, reference).mul(mask))
        .with("k3", new KlEstimator.K3().perToken(policy, reference).mul(mask));
  }

  private static Outputs adaptiveKl(Given given) {
    AdaptiveKlCoef coef = new AdaptiveKlCoef(given.param("target"), given.param("horizon"));
    double before = given.param("coef");
    int steps = given.wholeParam("steps");
    double[] after =
        Arrays.stream(given.numbers("kl")).map(kl -> coef.next(before, kl, steps)).toArray();
    return new Outputs().with("coef", after);
  }

  private static Outputs tokenRewards(Given given) {
    TokenRewards rewards = new TokenRewards(given.param("klCoef"));
    List<float[]> policy = given.rows("policy");
    List<float[]> reference = given.rows("reference");
    given.requireSameLength("score", "policy");
    double[] scores = given.numbers("score");
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < policy.size(); row++) {
      rows.add(rewards.of(policy.get(row), reference.get(row), scores[row]));
    }
    return new Outputs().with("rewards", given.masked(rows));
  }

  private static Outputs generalizedAdvantage(Given given) {
    var estimator = new GeneralizedAdvantage(given.param("gamma"), given.param("lam"));
    List<float[]> rewards = given.rows("rewards");
    List<float[]> values = given.rows("values");
    List<GeneralizedAdvantage.Advantages> rows = new ArrayList<>();
    for (int row = 0; row < rewards.size(); row++) {
      rows.add(estimator.of(rewards.get(row), values.get(row)));
    }
    return new Outputs()
        .with("advantages", masked(given, rows, GeneralizedAdvantage.Advantages::advantages))
        .with("returns", masked(given, rows, GeneralizedAdvantage.Advantages::returns));
  }

  private static Outputs whitening(Given given) {
    List<float[]> rows = given.rows("values");
    Whitening whitening = Whitening.over(rows);
    return new Outputs()
        .with("mean", whitening.mean())
        .with("variance", whitening.variance())
        .with("whitened", masked(given, rows, whitening::of))
        .with("whitenedKeepMean", masked(given, rows, whitening::keepMean));
  }

  private static PpoPolicyLoss asymmetric(Given given) {
    return new PpoPolicyLoss(given.param("clipLow"), given.param("clipHigh"));
  }

  private static PpoPolicyLoss dualClip(Given given) {
    double clip = given.param("clip");
    return new PpoPolicyLoss(clip, clip, given.param("dualClip"));
  }

  private static Outputs policyLoss(Given given, PpoPolicyLoss loss) {
    NDArray mask = given.array("mask");
    NDArray advantages = given.array("advantages");
    TokenRatio ratio = new TokenRatio(given.array("policy"), given.array("old"));
    NDArray perToken = loss.perToken(ratio, advantages);
    NDArray kl = new KlEstimator.K2().perToken(ratio.current(), ratio.old());
    return new Outputs()
        .with("perToken", perToken.mul(mask))
        .with("mean", tokenMean(perToken, mask))
        .with("clipFraction", tokenMean(loss.clipped(ratio, advantages), mask))
        .with("approxKl", tokenMean(kl, mask));
  }

  private static Outputs sequencePolicyLoss(Given given) {
    NDArray mask = given.array("mask");
    TokenRatio tokens = new TokenRatio(given.array("policy"), given.array("old"));
    SequenceRatio ratio = new SequenceRatio(tokens, mask);
    given.requireSameLength("advantages", "mask");
    NDArray advantages = mask.zerosLike().add(given.array("advantages").expandDims(1));
    NDArray perToken = asymmetric(given).perToken(ratio, advantages);
    return new Outputs()
        .with("ratio", ratio.perSequence())
        .with("mean", mean(new LossAggregation.SequenceMeanTokenMean(), perToken, mask));
  }

  private static Outputs valueLoss(Given given) {
    NDArray perToken =
        new ClippedValueLoss(given.param("clip"))
            .perToken(given.array("predicted"), given.array("old"), given.array("returns"));
    return new Outputs().with("mean", tokenMean(perToken, given.array("mask")));
  }

  private static Outputs groupAdvantages(Given given) {
    List<float[]> groups = groups(given);
    return new Outputs()
        .with("grpo", flat(new GroupAdvantage.Grpo().of(groups)))
        .with("drGrpo", flat(new GroupAdvantage.DrGrpo().of(groups)))
        .with("rloo", flat(new GroupAdvantage.Rloo().of(groups)))
        .with(
            "reinforcePlusPlusBaseline",
            flat(new GroupAdvantage.ReinforcePlusPlusBaseline().of(groups)));
  }

  /** Rewards lie group after group. */
  private static List<float[]> groups(Given given) {
    float[] rewards = given.array("rewards").toFloatArray();
    int size = given.wholeParam("groupSize");
    if (size < 1 || rewards.length % size != 0) {
      throw new IllegalArgumentException(
          "param groupSize is %d, and input rewards has %d numbers"
              .formatted(size, rewards.length));
    }
    List<float[]> groups = new ArrayList<>();
    for (int first = 0; first < rewards.length; first += size) {
      groups.add(Arrays.copyOfRange(rewards, first, first + size));
    }
    return groups;
  }

  private static Outputs aggregations(Given given) {
    NDArray losses = given.array("losses");
    NDArray mask = given.array("mask");
    var constant = new LossAggregation.ConstantLength(given.wholeParam("maxLength"));
    return new Outputs()
        .with("tokenMean", tokenMean(losses, mask))
        .with("seqMeanTokenMean", mean(new LossAggregation.SequenceMeanTokenMean(), losses, mask))
        .with("seqMeanTokenSum", mean(new LossAggregation.SequenceMeanTokenSum(), losses, mask))
        .with("drGrpo", mean(constant, losses, mask));
  }

  private static double tokenMean(NDArray perToken, NDArray mask) {
    return mean(new LossAggregation.TokenMean(), perToken, mask);
  }

  private static double mean(LossAggregation aggregation, NDArray perToken, NDArray mask) {
    long tokens = (long) mask.sum().getFloat();
    return aggregation.sum(perToken, mask).getFloat()
        / aggregation.count(mask.getShape().get(0), tokens);
  }

  private static <T> NDArray masked(Given given, List<T> rows, Function<T, float[]> part) {
    return given.masked(rows.stream().map(part).toList());
  }

  private static double[] flat(List<float[]> groups) {
    return groups.stream()
        .flatMapToDouble(group -> IntStream.range(0, group.length).mapToDouble(i -> group[i]))
        .toArray();
  }
}
