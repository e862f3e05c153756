package org.plumbline.prefer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.PairLogProbs;
import org.plumbline.objective.PreferenceLoss;
import org.plumbline.objective.ResponseLogProbs;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PairBatch;
import org.plumbline.train.Sums;

/**
 * A direct method on pairs whose reference log-probabilities are known.
 *
 * @param loss the equation
 * @param sftCoef weight of the chosen response's negative log-likelihood a token
 */
record PreferenceObjective(PreferenceLoss loss, double sftCoef)
    implements Objective<ReferencedPair> {
  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<ReferencedPair> examples, Sums sums) {
    PairBatch batch = PairBatch.of(examples.stream().map(ReferencedPair::pair).toList(), step);
    NDArray logprobs = tape.logprobs(batch.tokens(), 1.0).sum(new int[] {1});
    PairLogProbs pairs =
        new PairLogProbs(
            new ResponseLogProbs(
                batch.chosen(logprobs),
                column(step, examples, ReferencedPair::refChosen),
                column(step, examples, each -> each.pair().chosen().length)),
            new ResponseLogProbs(
                batch.rejected(logprobs),
                column(step, examples, ReferencedPair::refRejected),
                column(step, examples, each -> each.pair().rejected().length)));
    record(pairs, examples.size(), sums);
    NDArray perPair = loss.perPair(pairs, batch.probability());
    if (sftCoef > 0) {
      perPair = perPair.sub(pairs.chosen().mean().mul(sftCoef));
    }
    return new LossSum(perPair.mul(batch.weight()).sum(), batch.weight().sum().getFloat());
  }

  private void record(PairLogProbs pairs, int count, Sums sums) {
    NDArray chosen = loss.reward(pairs.chosen());
    NDArray rejected = loss.reward(pairs.rejected());
    sums.add("margin", chosen.sub(rejected).sum().getFloat(), count);
    sums.add("accuracy", chosen.gt(rejected).countNonzero().getLong(), count);
    sums.add("chosen_reward", chosen.sum().getFloat(), count);
    sums.add("rejected_reward", rejected.sum().getFloat(), count);
    sums.add("chosen_logprob", pairs.chosen().policy().sum().getFloat(), count);
    sums.add("rejected_logprob", pairs.rejected().policy().sum().getFloat(), count);
  }

  private static NDArray column(
      NDManager step, List<ReferencedPair> examples, ToDoubleFunction<ReferencedPair> of) {
    float[] values = new float[examples.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) of.applyAsDouble(examples.get(i));
    }
    return step.create(values);
  }
}
