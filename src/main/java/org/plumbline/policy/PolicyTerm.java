package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Tape;
import org.plumbline.objective.ImportanceRatio;
import org.plumbline.objective.KlEstimator;
import org.plumbline.objective.LossAggregation;
import org.plumbline.objective.PpoPolicyLoss;
import org.plumbline.objective.Scalar;
import org.plumbline.objective.SequenceRatio;
import org.plumbline.objective.TokenRatio;
import org.plumbline.train.Sums;

/**
 * The clipped surrogate, with the KL to the reference where it is a part of the loss, less an
 * entropy bonus. Ratios are of the plain policy at the sampling temperature, whatever filters there
 * were in sampling, so that on the first pass each is 1.
 *
 * @param wholeSequences whether the ratio is the completion's
 * @param klCoef weight of the KL in the loss; 0 for none
 * @param estimator of the KL in the loss
 */
record PolicyTerm(
    PpoPolicyLoss loss,
    boolean wholeSequences,
    double klCoef,
    KlEstimator estimator,
    double entropyCoef,
    double temperature)
    implements Serializable {

  static PolicyTerm of(PpoSettings settings) {
    double dual = settings.dualClip();
    return new PolicyTerm(
        new PpoPolicyLoss(
            settings.clipRange(), settings.clipHigh(), dual == 0 ? Double.POSITIVE_INFINITY : dual),
        settings.ratio().equals("sequence"),
        settings.klInLoss() ? settings.klCoef() : 0,
        KlEstimator.named(settings.klEstimator()),
        settings.entropyCoef(),
        settings.generation().temperature());
  }

  /** How the losses of tokens become that of a batch, in the policy and in the critic. */
  static LossAggregation aggregation(PpoSettings settings) {
    return switch (settings.lossAggregation()) {
      case "token-mean" -> new LossAggregation.TokenMean();
      case "seq-mean-token-mean" -> new LossAggregation.SequenceMeanTokenMean();
      case "seq-mean-token-sum" -> new LossAggregation.SequenceMeanTokenSum();
      case "dr-grpo" -> new LossAggregation.ConstantLength(settings.generation().maxNewTokens());
      default ->
          throw new IllegalArgumentException(
              "No aggregation is called " + settings.lossAggregation());
    };
  }

  /** The loss without the entropy bonus. */
  NDArray surrogate(Tape.Predictions now, PpoBatch batch, Sums sums) {
    // Off the response both log-probabilities are 0: a ratio of 1, and no gradient.
    NDArray old = batch.numbers(PpoExample::logprobs);
    TokenRatio tokenRatio = new TokenRatio(now.logprobs(), old);
    ImportanceRatio ratio =
        wholeSequences ? new SequenceRatio(tokenRatio, batch.tokens().responseMask()) : tokenRatio;
    NDArray advantages = batch.numbers(PpoExample::advantages);
    NDArray policy = batch.loss(loss.perToken(ratio, advantages));
    double tokens = batch.responseTokens();
    sums.add("policy_loss", policy.getFloat(), batch.count());
    sums.add("clip_fraction", batch.sum(loss.clipped(ratio, advantages)), tokens);
    NDArray moved = new KlEstimator.K2().perToken(now.logprobs(), old);
    sums.add("approx_kl", batch.sum(moved), tokens);
    return klCoef == 0 ? policy : policy.add(Scalar.times(kl(now, batch, sums), klCoef));
  }

  private NDArray kl(Tape.Predictions now, PpoBatch batch, Sums sums) {
    NDArray kl =
        batch.loss(estimator.perToken(now.logprobs(), batch.numbers(PpoExample::reference)));
    sums.add("kl_loss", kl.getFloat(), batch.count());
    return kl;
  }

  /** {@code loss} less the entropy bonus. */
  NDArray withBonus(NDArray loss, Tape.Predictions now, PpoBatch batch, Sums sums) {
    sums.add("entropy", batch.sum(now.entropy()), batch.responseTokens());
    // Without it in the loss the way back passes over the vocabulary once less.
    return entropyCoef == 0 ? loss : loss.sub(Scalar.times(batch.loss(now.entropy()), entropyCoef));
  }
}
