package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;

/**
 * Estimates KL(policy || reference) from tokens that the policy sampled (Schulman 2020,
 * "Approximating KL divergence", joschu.net/blog/kl-approx.html).
 *
 * <p>With {@code q = log pi(a_t | s_t) - log pi_ref(a_t | s_t)}, in nats. Each is of shape [B, T];
 * its mean over many samples is the estimate.
 */
public sealed interface KlEstimator extends Serializable {
  /**
   * The estimate of each token, of shape [B, T].
   *
   * @param logProbs log pi(a_t | s_t), of shape [B, T]
   * @param refLogProbs log pi_ref(a_t | s_t), of shape [B, T]
   */
  default NDArray perToken(NDArray logProbs, NDArray refLogProbs) {
    Require.sameShape("refLogProbs", refLogProbs, logProbs);
    return ofLogRatio(logProbs.sub(refLogProbs));
  }

  /** The estimate where the log-ratio of policy to reference is q. */
  NDArray ofLogRatio(NDArray q);

  /** The same of one token. */
  double ofLogRatio(double q);

  /**
   * The one called {@code k1}, {@code k2} or {@code k3}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static KlEstimator named(String name) {
    return switch (name) {
      case "k1" -> new K1();
      case "k2" -> new K2();
      case "k3" -> new K3();
      default -> throw new IllegalArgumentException("No estimate of KL is called " + name);
    };
  }

  /** {@code q}: unbiased; single tokens may be negative. */
  record K1() implements KlEstimator {
    @Override
    public NDArray ofLogRatio(NDArray q) {
      return q;
    }

    @Override
    public double ofLogRatio(double q) {
      return q;
    }
  }

  /**
   * {@code q^2 / 2}: biased, never negative. Between a policy and its own last version it is the
   * usual "approximate KL" of PPO.
   */
  record K2() implements KlEstimator {
    @Override
    public NDArray ofLogRatio(NDArray q) {
      return Scalar.times(q.square(), 0.5);
    }

    @Override
    public double ofLogRatio(double q) {
      return q * q / 2;
    }
  }

  /** {@code e^-q - 1 + q}: unbiased, never negative. */
  record K3() implements KlEstimator {
    @Override
    public NDArray ofLogRatio(NDArray q) {
      return q.neg().exp().sub(1).add(q);
    }

    @Override
    public double ofLogRatio(double q) {
      return Math.expm1(-q) + q;
    }
  }
}
