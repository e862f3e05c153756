package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertAll;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden value of the equations in this package, in float32, within 1e-5. */
class ConformanceTest {
  private static final double TOLERANCE = 1e-5;

  private static final Map<String, BiConsumer<ConformanceTest, ConformanceCase>> CHECKS =
      Map.ofEntries(
          Map.entry("dpo/sigmoid", pairs(c -> new DpoLoss(c.param("beta")))),
          Map.entry("dpo/sigmoid-smoothed", pairs(c -> new DpoLoss(c.param("beta")))),
          Map.entry(
              "dpo/robust",
              pairs(c -> new RobustDpoLoss(c.param("beta"), c.param("labelSmoothing")))),
          Map.entry("dpo/hinge", pairs(c -> new HingeLoss(c.param("beta")))),
          Map.entry("dpo/ipo", pairs(c -> new IpoLoss(c.param("beta")))),
          Map.entry("dpo/exo", pairs(c -> new ExoLoss(c.param("beta"), c.param("labelSmoothing")))),
          Map.entry("dpo/nca", pairs(c -> new NcaLoss(c.param("beta")))),
          Map.entry("dpo/bco", pairs(c -> new BcoPairLoss(c.param("beta")))),
          Map.entry("dpo/sppo", pairs(c -> new SppoLoss(c.param("beta")))),
          Map.entry("dpo/aot", pairs(c -> new AotLoss(c.param("beta")))),
          Map.entry("dpo/aot-unpaired", pairs(c -> new AotUnpairedLoss(c.param("beta")))),
          Map.entry("dpo/apo-zero", pairs(c -> new ApoZeroLoss(c.param("beta")))),
          Map.entry("dpo/apo-down", pairs(c -> new ApoDownLoss(c.param("beta")))),
          Map.entry("dpo/discopop", pairs(c -> new DiscoPopLoss(c.param("beta"), c.param("tau")))),
          Map.entry("dpo/sigmoid-norm", pairs(c -> new NormalizedDpoLoss(c.param("beta")))),
          Map.entry(
              "dpo/f-divergence/forwardKl",
              pairs(c -> new DpoLoss(c.param("beta"), new Divergence.ForwardKl()))),
          Map.entry(
              "dpo/f-divergence/jensenShannon",
              pairs(c -> new DpoLoss(c.param("beta"), new Divergence.JensenShannon()))),
          Map.entry(
              "dpo/f-divergence/alpha",
              pairs(c -> new DpoLoss(c.param("beta"), new Divergence.Alpha(c.param("alpha"))))),
          Map.entry("orpo/odds-ratio", ConformanceTest::oddsRatio),
          Map.entry("simpo", pairs(c -> new SimpoLoss(c.param("beta"), c.param("gamma")))),
          Map.entry("cpo", pairs(c -> new CpoLoss(c.param("beta")))),
          Map.entry("reward/bradley-terry", ConformanceTest::bradleyTerry),
          Map.entry("reward/margin", ConformanceTest::bradleyTerry),
          Map.entry("reward/centering", ConformanceTest::bradleyTerry),
          Map.entry("reward/soft-label", ConformanceTest::bradleyTerry),
          Map.entry("reward/lesson-example", ConformanceTest::lessonExample),
          Map.entry("kl/estimators", ConformanceTest::klEstimators),
          Map.entry("ppo/token-rewards", ConformanceTest::tokenRewards),
          Map.entry("ppo/gae", ConformanceTest::generalizedAdvantage),
          Map.entry("ppo/whiten", ConformanceTest::whitening),
          Map.entry("ppo/policy-loss", ConformanceTest::policyLoss),
          Map.entry("ppo/value-loss", ConformanceTest::valueLoss));

  @AutoClose private final NDManager manager = Torch.manager();

  static List<ConformanceCase> covered() {
    return ConformanceCase.all().stream().filter(one -> CHECKS.containsKey(one.name())).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("covered")
  void agrees(ConformanceCase golden) {
    System.out.println("conformance " + golden);
    assertAll(golden.toString(), () -> CHECKS.get(golden.name()).accept(this, golden));
  }

  @Test
  void everyCheckHasItsCase() {
    assertThat(ConformanceCase.all())
        .extracting(ConformanceCase::name)
        .containsAll(CHECKS.keySet());
  }

  /** Any loss on pairs. Smoothing is one of the labels where the equation has no use for it. */
  private static BiConsumer<ConformanceTest, ConformanceCase> pairs(
      Function<ConformanceCase, PreferenceLoss> equation) {
    return (test, golden) -> {
      PairLogProbs batch = test.pairLogProbs(golden);
      double smoothing =
          golden.name().equals("dpo/sigmoid-smoothed") ? golden.param("labelSmoothing") : 0;
      NDArray probability = batch.chosen().policy().onesLike().mul(1 - smoothing);
      NDArray loss = equation.apply(golden).perPair(batch, probability);
      assertEquals(loss, golden.expected("perPair"));
      if (golden.expected().has("mean")) {
        assertEquals(loss.mean(), golden.expected("mean"));
      }
    };
  }

  private PairLogProbs pairLogProbs(ConformanceCase golden) {
    return new PairLogProbs(side(golden, "Chosen"), side(golden, "Rejected"));
  }

  private ResponseLogProbs side(ConformanceCase golden, String side) {
    return new ResponseLogProbs(
        golden.array(manager, "policy" + side),
        golden.array(manager, "reference" + side),
        golden.array(manager, side.toLowerCase(Locale.ROOT) + "Tokens"));
  }

  private void oddsRatio(ConformanceCase golden) {
    OrpoLoss equation = new OrpoLoss(golden.param("lam"));
    PairLogProbs batch = pairLogProbs(golden);
    assertEquals(equation.logOdds(batch), golden.expected("logOdds"));
    assertEquals(equation.perPair(batch), golden.expected("perPair"));
  }

  private void bradleyTerry(ConformanceCase golden) {
    NDArray chosen = golden.array(manager, "chosen");
    NDArray rejected = golden.array(manager, "rejected");
    NDArray probability = optional(golden, "probability", chosen.onesLike());
    NDArray margin = optional(golden, "margin", chosen.zerosLike());
    var equation = new BradleyTerryLoss(golden.params().path("centering").asDouble(0));
    NDArray loss = equation.perPair(chosen, rejected, probability, margin);
    if (golden.expected().has("perPair")) {
      assertEquals(loss, golden.expected("perPair"));
    }
    assertEquals(loss.mean(), golden.expected("mean"));
    if (!golden.inputs().has("margin")) {
      assertEquals(equation.perPair(chosen, rejected, probability).mean(), golden.expected("mean"));
    }
  }

  /** A judgment for the better reply, at the gap that the probability of the lesson calls for. */
  private void lessonExample(ConformanceCase golden) {
    double probability = golden.input("probability")[0];
    double gap = Math.log(probability / (1 - probability));
    assertThat(gap).isCloseTo(golden.expected("gap")[0], within(TOLERANCE));
    NDArray zero = manager.create(new float[] {0});
    NDArray loss = new BradleyTerryLoss(0).perPair(zero.add(gap), zero, zero.onesLike());
    assertEquals(loss, golden.expected("loss"));
  }

  private void klEstimators(ConformanceCase golden) {
    NDArray policy = golden.array(manager, "policy");
    NDArray reference = golden.array(manager, "reference");
    NDArray mask = golden.array(manager, "mask");
    Map<String, KlEstimator> estimators =
        Map.of("k1", new KlEstimator.K1(), "k2", new KlEstimator.K2(), "k3", new KlEstimator.K3());
    estimators.forEach(
        (name, kl) ->
            assertEquals(kl.perToken(policy, reference).mul(mask), golden.expected(name)));
  }

  private void tokenRewards(ConformanceCase golden) {
    List<float[]> policy = golden.inputRows("policy");
    List<float[]> reference = golden.inputRows("reference");
    double[] scores = golden.input("score");
    TokenRewards equation = new TokenRewards(golden.param("klCoef"));
    for (int row = 0; row < scores.length; row++) {
      assertEquals(
          equation.of(policy.get(row), reference.get(row), scores[row]),
          golden.expectedRows("rewards").get(row));
    }
  }

  private void generalizedAdvantage(ConformanceCase golden) {
    var equation = new GeneralizedAdvantage(golden.param("gamma"), golden.param("lam"));
    List<float[]> rewards = golden.inputRows("rewards");
    List<float[]> values = golden.inputRows("values");
    for (int row = 0; row < rewards.size(); row++) {
      var result = equation.of(rewards.get(row), values.get(row));
      assertEquals(result.advantages(), golden.expectedRows("advantages").get(row));
      assertEquals(result.returns(), golden.expectedRows("returns").get(row));
    }
  }

  private void whitening(ConformanceCase golden) {
    List<float[]> rows = golden.inputRows("values");
    Whitening whitening = Whitening.over(rows);
    assertThat(whitening.mean()).isCloseTo(golden.expected("mean")[0], within(TOLERANCE));
    assertThat(whitening.variance()).isCloseTo(golden.expected("variance")[0], within(TOLERANCE));
    for (int row = 0; row < rows.size(); row++) {
      float[] values = rows.get(row);
      assertEquals(whitening.of(values), golden.expectedRows("whitened").get(row));
      assertEquals(whitening.keepMean(values), golden.expectedRows("whitenedKeepMean").get(row));
    }
  }

  private void policyLoss(ConformanceCase golden) {
    NDArray mask = golden.array(manager, "mask");
    NDArray advantages = golden.array(manager, "advantages");
    var ratio = new TokenRatio(golden.array(manager, "policy"), golden.array(manager, "old"));
    var equation = new PpoPolicyLoss(golden.param("clip"));
    NDArray loss = equation.perToken(ratio, advantages);
    assertEquals(loss.mul(mask), golden.expected("perToken"));
    assertEquals(mean(loss, mask), golden.expected("mean"));
    assertEquals(mean(equation.clipped(ratio, advantages), mask), golden.expected("clipFraction"));
    NDArray approxKl = new KlEstimator.K2().perToken(ratio.current(), ratio.old());
    assertEquals(mean(approxKl, mask), golden.expected("approxKl"));
  }

  private void valueLoss(ConformanceCase golden) {
    NDArray loss =
        new ClippedValueLoss(golden.param("clip"))
            .perToken(
                golden.array(manager, "predicted"),
                golden.array(manager, "old"),
                golden.array(manager, "returns"));
    assertEquals(mean(loss, golden.array(manager, "mask")), golden.expected("mean"));
  }

  private NDArray optional(ConformanceCase golden, String key, NDArray otherwise) {
    return golden.inputs().has(key) ? golden.array(manager, key) : otherwise;
  }

  private static NDArray mean(NDArray perToken, NDArray mask) {
    return perToken.mul(mask).sum().div(mask.sum());
  }

  private static void assertEquals(NDArray actual, double[] expected) {
    assertEquals(actual.toFloatArray(), expected);
  }

  private static void assertEquals(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within((float) TOLERANCE));
  }

  private static void assertEquals(float[] actual, double[] expected) {
    float[] floats = new float[expected.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) expected[i];
    }
    assertEquals(actual, floats);
  }
}
