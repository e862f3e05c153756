package org.plumbline.prefer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.ResponseLogProbs;
import org.plumbline.objective.UnpairedLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PerExample;
import org.plumbline.train.Sums;

/**
 * A direct method on single responses whose reference log-probabilities are known. What counts for
 * nothing either way, the loss's shift, is found of each batch by a survey.
 */
record ResponseObjective(UnpairedLoss loss) implements Objective<JudgedResponse> {
  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public Optional<Objective<JudgedResponse>> survey() {
    return Optional.of(new ShiftSurvey(loss));
  }

  @Override
  public Objective<JudgedResponse> knowing(Sums figures) {
    return new Surveyed(loss, new ShiftSurvey(loss).found(figures));
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<JudgedResponse> examples, Sums sums) {
    throw new IllegalStateException("Cannot work out a loss: its batch has not been surveyed");
  }

  /** The same for the batch that {@code found} is of. */
  record Surveyed(UnpairedLoss loss, ShiftSurvey.Found found) implements Objective<JudgedResponse> {
    private static final int[] TOKENS = {1};

    @Override
    public Head head() {
      return Head.NONE;
    }

    @Override
    public LossSum loss(Tape tape, NDManager step, List<JudgedResponse> examples, Sums sums) {
      List<Sequence> sequences = examples.stream().map(JudgedResponse::sequence).toList();
      ResponseLogProbs responses =
          new ResponseLogProbs(
              tape.logprobs(TokenBatch.of(sequences, step), 1.0).sum(TOKENS),
              PerExample.of(step, examples, JudgedResponse::reference),
              PerExample.of(step, examples, each -> each.response().length));
      record(
          examples, responses.logRatio().toFloatArray(), responses.policy().toFloatArray(), sums);
      NDArray probability = PerExample.of(step, examples, JudgedResponse::probability);
      NDArray weight = PerExample.of(step, examples, JudgedResponse::weight);
      return new LossSum(
          loss.perResponse(responses, probability, found.shift()).mul(weight).sum(),
          weight.sum().getFloat());
    }

    private void record(
        List<JudgedResponse> examples, float[] ratios, float[] logprobs, Sums sums) {
      sums.add("shift", found.shift() * ratios.length, ratios.length);
      double all = found.desirable() + found.undesirable();
      for (int i = 0; i < ratios.length; i++) {
        boolean desirable = examples.get(i).desirable();
        String kind = desirable ? "chosen" : "rejected";
        double reward = loss.beta() * ratios[i];
        sums.add(kind + "_reward", reward, 1);
        sums.add(kind + "_logprob", logprobs[i], 1);
        sums.add("accuracy", desirable == ratios[i] > found.shift() ? 1 : 0, 1);
        // The mean of one kind less that of the other, however many there are of each.
        sums.add(
            "margin",
            desirable ? reward * all / found.desirable() : -reward * all / found.undesirable(),
            1);
      }
    }
  }
}
