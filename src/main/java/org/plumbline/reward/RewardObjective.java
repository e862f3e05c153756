package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.BradleyTerryLoss;
import org.plumbline.objective.PlackettLuceLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * The Bradley-Terry loss of a scalar head at the last token, on soft labels: of pairs, and of
 * comparisons with responses to other prompts where an example has some. An example of several
 * pairs counts as their mean (Ouyang et al. 2022, arXiv:2203.02155, eq. 1).
 *
 * @param rankings whether a prompt's responses that are ranked have the Plackett-Luce loss of the
 *     whole ranking instead
 */
record RewardObjective(BradleyTerryLoss loss, boolean rankings) implements Objective<Comparisons> {
  @Override
  public Head head() {
    return Head.SCORE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<Comparisons> examples, Sums sums) {
    RewardBatch batch = RewardBatch.of(examples, rankings, step);
    NDArray scores = tape.scores(batch.tokens());
    NDArray better = scores.gather(batch.better(), 0);
    NDArray worse = scores.gather(batch.worse(), 0);
    record(better.sub(worse), batch.pairs(), sums);
    NDArray total = loss.perPair(better, worse, batch.probability()).mul(batch.weight()).sum();
    double count = batch.weight().sum().getFloat();
    for (RewardBatch.Rankings each : batch.rankings()) {
      NDArray ranked = scores.gather(each.rows().flatten(), 0).reshape(each.rows().getShape());
      total = total.add(new PlackettLuceLoss().perPrompt(ranked).mul(each.weight()).sum());
      count += each.weight().sum().getFloat();
    }
    if (rankings) {
      sums.add("ranked", ranked(batch), examples.size());
    }
    return new LossSum(total, count);
  }

  private static long ranked(RewardBatch batch) {
    return batch.rankings().stream().mapToLong(each -> each.weight().size()).sum();
  }

  private static void record(NDArray margin, int pairs, Sums sums) {
    NDArray ofPairs = margin.get(":" + pairs);
    long right = ofPairs.gt(0).countNonzero().getLong();
    sums.add("margin", ofPairs.sum().getFloat(), pairs);
    sums.add("accuracy", right, pairs);
    if (margin.size() > pairs) {
      long all = margin.gt(0).countNonzero().getLong();
      sums.add("cross_prompt_accuracy", all - right, margin.size() - pairs);
    }
  }
}
