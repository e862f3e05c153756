package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * What keeps a policy near its reference (Wang et al. 2023, "Beyond reverse KL", arXiv:2309.16240):
 * each divergence gives the implicit reward another function of the log-ratio {@code rho = log
 * pi(y) - log pi_ref(y)}.
 */
public sealed interface Divergence extends Serializable {
  /** Beyond it, e^x in float32 is on its way to infinity. */
  double LARGEST_EXPONENT = 80;

  /** f(rho), of rho's shape; the implicit reward over beta. */
  NDArray of(NDArray logRatio);

  /** {@code f(rho_c) - f(rho_r)}, of shape [B]. */
  default NDArray margin(PairLogProbs batch) {
    return of(batch.chosen().logRatio()).sub(of(batch.rejected().logRatio()));
  }

  /** {@code rho}: DPO as it is known. */
  record ReverseKl() implements Divergence {
    @Override
    public NDArray of(NDArray logRatio) {
      return logRatio;
    }
  }

  /** {@code -e^-rho}. */
  record ForwardKl() implements Divergence {
    @Override
    public NDArray of(NDArray logRatio) {
      return Scalar.atMost(logRatio.neg(), LARGEST_EXPONENT).exp().neg();
    }
  }

  /** {@code log s(rho)}, up to a constant. */
  record JensenShannon() implements Divergence {
    @Override
    public NDArray of(NDArray logRatio) {
      return Logistic.minusLog(logRatio).neg();
    }
  }

  /**
   * {@code e^((alpha - 1) rho) / (alpha - 1)}: between forward KL at 0 and, in the limit, reverse
   * KL at 1.
   *
   * @param alpha at least 0, below 1
   */
  record Alpha(double alpha) implements Divergence {
    /**
     * Takes alpha.
     *
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public Alpha {
      Require.fractionBelowOne("alpha", alpha);
    }

    @Override
    public NDArray of(NDArray logRatio) {
      double power = alpha - 1;
      NDArray exponent = Scalar.atMost(Scalar.times(logRatio, power), LARGEST_EXPONENT);
      return Scalar.over(exponent.exp(), power);
    }
  }
}
