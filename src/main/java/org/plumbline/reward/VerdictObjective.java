package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.BinaryRewardLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PerExample;
import org.plumbline.train.Sums;
import org.plumbline.train.TokenResponse;

/** A scalar head at the last token as a classifier of acceptable responses. */
record VerdictObjective() implements Objective<Verdict> {
  @Override
  public Head head() {
    return Head.SCORE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<Verdict> examples, Sums sums) {
    TokenBatch batch = TokenResponse.batch(examples.stream().map(Verdict::response).toList(), step);
    NDArray probability = PerExample.of(step, examples, Verdict::probability);
    NDArray weight = PerExample.of(step, examples, Verdict::weight);
    NDArray scores = tape.scores(batch);
    record(scores.toFloatArray(), examples, sums);
    return new LossSum(
        new BinaryRewardLoss().perResponse(scores, probability).mul(weight).sum(),
        weight.sum().getFloat());
  }

  private static void record(float[] scores, List<Verdict> examples, Sums sums) {
    for (int i = 0; i < scores.length; i++) {
      boolean acceptable = examples.get(i).probability() > 0.5;
      sums.add(acceptable ? "acceptable_score" : "unacceptable_score", scores[i], 1);
      sums.add("accuracy", scores[i] > 0 == acceptable ? 1 : 0, 1);
    }
  }
}
