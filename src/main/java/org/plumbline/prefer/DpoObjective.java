package org.plumbline.prefer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.DpoLoss;
import org.plumbline.objective.PairLogProbs;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PairBatch;
import org.plumbline.train.Sums;

/** Direct preference optimisation on pairs whose reference log-probabilities are known. */
record DpoObjective(DpoLoss loss) implements Objective<ReferencedPair> {
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
            batch.chosen(logprobs),
            batch.rejected(logprobs),
            reference(step, examples, ReferencedPair::refChosen),
            reference(step, examples, ReferencedPair::refRejected));
    record(pairs, examples.size(), sums);
    NDArray perPair = loss.perPair(pairs, batch.probability());
    return new LossSum(perPair.mul(batch.weight()).sum(), batch.weight().sum().getFloat());
  }

  private void record(PairLogProbs pairs, int count, Sums sums) {
    double beta = loss.beta();
    NDArray margin = pairs.margin();
    sums.add("margin", beta * margin.sum().getFloat(), count);
    sums.add("accuracy", margin.gt(0).countNonzero().getLong(), count);
    sums.add("chosen_reward", beta * pairs.chosen().sub(pairs.refChosen()).sum().getFloat(), count);
    sums.add(
        "rejected_reward",
        beta * pairs.rejected().sub(pairs.refRejected()).sum().getFloat(),
        count);
  }

  private static NDArray reference(
      NDManager step, List<ReferencedPair> examples, ToDoubleFunction<ReferencedPair> side) {
    float[] values = new float[examples.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) side.applyAsDouble(examples.get(i));
    }
    return step.create(values);
  }
}
