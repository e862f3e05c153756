package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every loss on pairs. */
class PreferenceLossesTest {
  private static final double[] CHOSEN = {-3.5, -4};
  private static final double[] REJECTED = {-4.2, -2.5};

  @AutoClose private final NDManager manager = Torch.manager();

  static List<PreferenceLoss> all() {
    return List.of(
        new DpoLoss(0.3),
        new DpoLoss(0.3, new Divergence.ForwardKl()),
        new DpoLoss(0.3, new Divergence.JensenShannon()),
        new DpoLoss(0.3, new Divergence.Alpha(0.3)),
        new RobustDpoLoss(0.3, 0.2),
        new HingeLoss(0.3),
        new IpoLoss(0.3),
        new ExoLoss(0.3, 0.01),
        new NcaLoss(0.3),
        new BcoPairLoss(0.3),
        new SppoLoss(0.3),
        new AotLoss(0.3),
        new AotUnpairedLoss(0.3),
        new ApoZeroLoss(0.3),
        new ApoDownLoss(0.3),
        new DiscoPopLoss(0.3, 0.5),
        new NormalizedDpoLoss(0.3),
        new OrpoLoss(0.3),
        new SimpoLoss(2, 0.5),
        new CpoLoss(0.3));
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradientIsThatOfTheValues(PreferenceLoss loss) {
    UnaryOperator<NDArray> ofChosen = x -> value(loss, x, x.getManager().create(REJECTED));
    UnaryOperator<NDArray> ofRejected = x -> value(loss, x.getManager().create(CHOSEN), x);
    assertThat(Torch.gradient(ofChosen, CHOSEN))
        .containsExactly(Torch.differences(ofChosen, CHOSEN), within(1e-7));
    assertThat(Torch.gradient(ofRejected, REJECTED))
        .containsExactly(Torch.differences(ofRejected, REJECTED), within(1e-7));
  }

  /** Where both responses are as likely to be better, it does not matter which is called chosen. */
  @ParameterizedTest
  @MethodSource("all")
  void labelsOfOneHalfKnowNoSide(PreferenceLoss loss) {
    PairLogProbs pairs = pairs(manager.create(CHOSEN), manager.create(REJECTED));
    NDArray half = manager.create(new double[] {0.5, 0.5});
    assertThat(loss.perPair(pairs, half).toDoubleArray())
        .containsExactly(loss.perPair(pairs.swapped(), half).toDoubleArray(), within(1e-12));
  }

  /** Likelier chosen and less likely rejected responses lose less, but for those that anchor. */
  @ParameterizedTest
  @MethodSource("all")
  void aWiderMarginLosesLess(PreferenceLoss loss) {
    NDArray ones = manager.create(new double[] {1, 1});
    double[] near = loss.perPair(shifted(0), ones).toDoubleArray();
    double[] wider = loss.perPair(shifted(0.2), ones).toDoubleArray();
    assertThat(wider[0] + wider[1]).isLessThan(near[0] + near[1]);
  }

  @ParameterizedTest
  @MethodSource("all")
  void implicitRewardsRiseWithTheProbabilityOfTheResponse(PreferenceLoss loss) {
    double[] less = loss.reward(shifted(0).chosen()).toDoubleArray();
    double[] more = loss.reward(shifted(0.2).chosen()).toDoubleArray();
    double[] tokens = {2, 5};
    for (int i = 0; i < less.length; i++) {
      boolean perToken = loss instanceof OrpoLoss || loss instanceof SimpoLoss;
      double rise = loss.beta() * 0.2 / (perToken ? tokens[i] : 1);
      assertThat(more[i] - less[i]).isCloseTo(rise, within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void staysFiniteFarFromTheReference(PreferenceLoss loss) {
    NDArray far = manager.create(new float[] {-4000, -1e-9f});
    NDArray near = manager.create(new float[] {-1e-9f, -4000});
    NDArray two = manager.create(new float[] {2, 2});
    PairLogProbs pairs =
        new PairLogProbs(
            new ResponseLogProbs(far, near, two), new ResponseLogProbs(near, far, two));
    for (float value : loss.perPair(pairs, two.onesLike()).toFloatArray()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void referencesAreAskedForWhereTheyCount() {
    for (PreferenceLoss loss : all()) {
      double[] with = value(loss, manager.create(CHOSEN), manager.create(REJECTED)).toDoubleArray();
      NDArray none = manager.create(new double[] {0, 0});
      double[] without =
          loss.perPair(
                  new PairLogProbs(
                      new ResponseLogProbs(manager.create(CHOSEN), none, tokens(2, 5)),
                      new ResponseLogProbs(manager.create(REJECTED), none, tokens(3, 4))),
                  manager.create(new double[] {0.9, 0.7}))
              .toDoubleArray();
      assertThat(with[0] != without[0]).as(loss.toString()).isEqualTo(loss.needsReference());
    }
  }

  @Test
  void refusesParametersOutOfRange() {
    assertThatThrownBy(() -> new ExoLoss(0.1, 0))
        .hasMessage("Invalid labelSmoothing: 0.0 (must be > 0)");
    assertThatThrownBy(() -> new RobustDpoLoss(0.1, 0.5))
        .hasMessage("Invalid labelSmoothing: 0.5 (must be at least 0 and below 0.5)");
    assertThatThrownBy(() -> new Divergence.Alpha(1))
        .hasMessage("Invalid alpha: 1.0 (must be at least 0 and below 1)");
    assertThatThrownBy(() -> new SimpoLoss(2, -1)).hasMessage("Invalid gamma: -1.0 (must be >= 0)");
  }

  private NDArray value(PreferenceLoss loss, NDArray chosen, NDArray rejected) {
    return loss.perPair(
        pairs(chosen, rejected), chosen.getManager().create(new double[] {0.9, 0.7}));
  }

  /** Both margins near those of the reference, then wider by {@code by} on each side. */
  private PairLogProbs shifted(double by) {
    return pairs(
        manager.create(new double[] {-3.9 + by, -3.1 + by}),
        manager.create(new double[] {-4.1 - by, -2.9 - by}));
  }

  private PairLogProbs pairs(NDArray chosen, NDArray rejected) {
    NDManager own = chosen.getManager();
    return new PairLogProbs(
        new ResponseLogProbs(
            chosen, own.create(new double[] {-4, -3}), own.create(new double[] {2, 5})),
        new ResponseLogProbs(
            rejected, own.create(new double[] {-4.2, -2.9}), own.create(new double[] {3, 4})));
  }

  private NDArray tokens(double first, double second) {
    return manager.create(new double[] {first, second});
  }
}
