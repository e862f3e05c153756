package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.RatingRegressionLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PerExample;
import org.plumbline.train.Sums;
import org.plumbline.train.TokenResponse;

/** A scalar head at the last token as a prediction of ratings. */
record RatingObjective() implements Objective<Rating> {
  @Override
  public Head head() {
    return Head.SCORE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<Rating> examples, Sums sums) {
    TokenBatch batch = TokenResponse.batch(examples.stream().map(Rating::response).toList(), step);
    NDArray rating = PerExample.of(step, examples, Rating::rating);
    NDArray weight = PerExample.of(step, examples, Rating::weight);
    NDArray scores = tape.scores(batch);
    sums.add("score", scores.sum().getFloat(), examples.size());
    sums.add("absolute_error", scores.sub(rating).abs().sum().getFloat(), examples.size());
    return new LossSum(
        new RatingRegressionLoss().perResponse(scores, rating).mul(weight).sum(),
        weight.sum().getFloat());
  }
}
