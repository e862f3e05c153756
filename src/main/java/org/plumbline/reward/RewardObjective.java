package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * The Bradley-Terry loss of a scalar head at the last token, on soft labels: of pairs, and of
 * comparisons with responses to other prompts where an example has some.
 */
record RewardObjective(BradleyTerryLoss loss, CrossPrompt cross) implements Objective<Comparisons> {
  @Override
  public Head head() {
    return Head.SCORE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<Comparisons> examples, Sums sums) {
    int pairs = examples.size();
    RewardBatch batch = RewardBatch.of(examples, cross.probability(), step);
    NDArray scores = tape.scores(batch.tokens());
    NDArray better = scores.gather(batch.better(), 0);
    NDArray worse = scores.get(pairs + ":");
    NDArray each = loss.perPair(better, worse, batch.probability());
    NDArray margin = better.sub(worse);
    NDArray ofPairs = margin.get(":" + pairs);
    long right = ofPairs.gt(0).countNonzero().getLong();
    sums.add("margin", ofPairs.sum().getFloat(), pairs);
    sums.add("accuracy", right, pairs);
    if (cross.perPair() > 0) {
      long all = margin.gt(0).countNonzero().getLong();
      sums.add("cross_prompt_accuracy", all - right, margin.size() - pairs);
    }
    return new LossSum(each.mul(batch.weight()).sum(), batch.weight().sum().getFloat());
  }
}
