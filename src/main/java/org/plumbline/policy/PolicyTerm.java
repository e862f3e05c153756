package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Tape;
import org.plumbline.objective.KlEstimator;
import org.plumbline.objective.PpoPolicyLoss;
import org.plumbline.objective.TokenRatio;
import org.plumbline.train.Sums;

/**
 * The clipped surrogate less an entropy bonus. Ratios are of the plain policy at the sampling
 * temperature, whatever filters there were in sampling, so that on the first pass each is 1.
 */
record PolicyTerm(PpoPolicyLoss loss, double entropyCoef, double temperature)
    implements java.io.Serializable {

  static PolicyTerm of(PpoSettings settings) {
    return new PolicyTerm(
        new PpoPolicyLoss(settings.clipRange()),
        settings.entropyCoef(),
        settings.generation().temperature());
  }

  /** The surrogate, summed over tokens. */
  NDArray surrogate(Tape.Predictions now, PpoBatch batch, Sums sums) {
    // Off the response both log-probabilities are 0: a ratio of 1, and no gradient.
    NDArray old = batch.numbers(PpoExample::logprobs);
    TokenRatio ratio = new TokenRatio(now.logprobs(), old);
    NDArray advantages = batch.numbers(PpoExample::advantages);
    NDArray policy = batch.sum(loss.perToken(ratio, advantages));
    double tokens = batch.responseTokens();
    sums.add("policy_loss", policy.getFloat(), tokens);
    sums.add("clip_fraction", batch.sum(loss.clipped(ratio, advantages)).getFloat(), tokens);
    NDArray kl = new KlEstimator.K2().perToken(now.logprobs(), old);
    sums.add("approx_kl", batch.sum(kl).getFloat(), tokens);
    return policy;
  }

  /** {@code loss} less the entropy bonus. */
  NDArray withBonus(NDArray loss, Tape.Predictions now, PpoBatch batch, Sums sums) {
    NDArray entropy = batch.sum(now.entropy());
    sums.add("entropy", entropy.getFloat(), batch.responseTokens());
    // Without it in the loss the way back passes over the vocabulary once less. A double would make
    // these 0-dimensional sums float64.
    return entropyCoef == 0 ? loss : loss.sub(entropy.mul((float) entropyCoef));
  }
}
