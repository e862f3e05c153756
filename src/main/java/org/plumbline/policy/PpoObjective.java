package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.ClippedValueLoss;
import org.plumbline.objective.KlEstimator;
import org.plumbline.objective.LogProbRatio;
import org.plumbline.objective.PpoPolicyLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/** The clipped surrogate, the clipped value loss and an entropy bonus, averaged over tokens. */
record PpoObjective(
    PpoPolicyLoss policyLoss,
    ClippedValueLoss valueLoss,
    double vfCoef,
    double entropyCoef,
    double temperature)
    implements Objective<PpoExample> {

  static PpoObjective of(PpoSettings settings) {
    return new PpoObjective(
        new PpoPolicyLoss(settings.clipRange()),
        new ClippedValueLoss(settings.clipRangeValue()),
        settings.vfCoef(),
        settings.entropyCoef(),
        settings.generation().temperature());
  }

  @Override
  public Head head() {
    return Head.VALUE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<PpoExample> examples, Sums sums) {
    TokenBatch batch = TokenBatch.of(examples.stream().map(PpoExample::sequence).toList(), step);
    NDArray mask = batch.responseMask();
    long width = mask.getShape().get(1);
    Decoder.PolicyOutputs now = tape.policy(batch, temperature);
    // Off the response both log-probabilities are 0: a ratio of 1, and no gradient.
    NDArray old = TokenArrays.of(examples, width, PpoExample::logprobs, step);
    LogProbRatio ratio = new LogProbRatio(now.logprobs(), old);
    NDArray advantages = TokenArrays.of(examples, width, PpoExample::advantages, step);
    NDArray values = TokenArrays.of(examples, width, PpoExample::values, step);
    NDArray returns = TokenArrays.of(examples, width, PpoExample::returns, step);

    NDArray policy = policyLoss.perToken(ratio, advantages).mul(mask).sum();
    NDArray value = valueLoss.perToken(now.values(), values, returns).mul(mask).sum();
    NDArray entropy = now.entropy().mul(mask).sum();
    double tokens = examples.stream().mapToInt(example -> example.response().length).sum();
    sums.add("policy_loss", policy.getFloat(), tokens);
    sums.add("value_loss", value.getFloat(), tokens);
    sums.add("entropy", entropy.getFloat(), tokens);
    sums.add(
        "clip_fraction", policyLoss.clipped(ratio, advantages).mul(mask).sum().getFloat(), tokens);
    sums.add(
        "approx_kl",
        new KlEstimator.K2().perToken(now.logprobs(), old).mul(mask).sum().getFloat(),
        tokens);
    // A double would make these 0-dimensional sums float64.
    NDArray loss = policy.add(value.mul((float) vfCoef));
    // Without it in the loss the way back passes over the vocabulary once less.
    return new LossSum(
        entropyCoef == 0 ? loss : loss.sub(entropy.mul((float) entropyCoef)), tokens);
  }
}
