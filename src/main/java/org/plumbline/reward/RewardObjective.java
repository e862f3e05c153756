package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PairBatch;
import org.plumbline.train.Sums;
import org.plumbline.train.TokenPair;

/** The Bradley-Terry loss of a scalar head at the last token, on soft labels. */
record RewardObjective(BradleyTerryLoss loss) implements Objective<TokenPair> {
  @Override
  public Head head() {
    return Head.SCORE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<TokenPair> examples, Sums sums) {
    PairBatch batch = PairBatch.of(examples, step);
    NDArray scores = tape.scores(batch.tokens());
    NDArray chosen = batch.chosen(scores);
    NDArray rejected = batch.rejected(scores);
    NDArray perPair = loss.perPair(chosen, rejected, batch.probability());
    int pairs = examples.size();
    NDArray margin = chosen.sub(rejected);
    sums.add("margin", margin.sum().getFloat(), pairs);
    sums.add("accuracy", margin.gt(0).countNonzero().getLong(), pairs);
    return new LossSum(perPair.mul(batch.weight()).sum(), batch.weight().sum().getFloat());
  }
}
