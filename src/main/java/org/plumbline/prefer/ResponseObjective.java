package org.plumbline.prefer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.plumbline.direct.PerExample;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.BcoLoss;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.ResponseLogProbs;
import org.plumbline.objective.UnpairedLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * A direct method on single responses whose reference log-probabilities are known. What counts for
 * nothing either way, the loss's shift, is estimated from the micro-batch.
 */
record ResponseObjective(UnpairedLoss loss) implements Objective<JudgedResponse> {
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
    float[] ratios = responses.logRatio().toFloatArray();
    double shift = shift(tape, step, examples, ratios);
    record(examples, ratios, responses.policy().toFloatArray(), shift, sums);
    NDArray probability = PerExample.of(step, examples, JudgedResponse::probability);
    NDArray weight = PerExample.of(step, examples, JudgedResponse::weight);
    return new LossSum(
        loss.perResponse(responses, probability, shift).mul(weight).sum(), weight.sum().getFloat());
  }

  private double shift(Tape tape, NDManager step, List<JudgedResponse> examples, float[] ratios) {
    if (loss instanceof BcoLoss) {
      return between(
          of(examples, ratios, JudgedResponse::desirable),
          of(examples, ratios, each -> !each.desirable()));
    }
    List<JudgedResponse> mismatched =
        examples.stream().filter(each -> each.mismatched().length > 0).toList();
    return mismatched.isEmpty() ? 0 : KtoLoss.shift(mismatchedRatios(tape, step, mismatched));
  }

  /** Of one kind alone the mean stands for both. */
  private static double between(float[] desirable, float[] undesirable) {
    return BcoLoss.shift(
        desirable.length == 0 ? undesirable : desirable,
        undesirable.length == 0 ? desirable : undesirable);
  }

  private static float[] mismatchedRatios(
      Tape tape, NDManager step, List<JudgedResponse> examples) {
    TokenBatch batch =
        TokenBatch.of(examples.stream().map(JudgedResponse::mismatchedSequence).toList(), step);
    float[] ratios = tape.fixedLogprobs(batch, 1.0).sum(TOKENS).toFloatArray();
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] -= (float) examples.get(i).mismatchedReference();
    }
    return ratios;
  }

  private static float[] of(
      List<JudgedResponse> examples, float[] ratios, Predicate<JudgedResponse> wanted) {
    List<Float> some = new ArrayList<>();
    for (int i = 0; i < ratios.length; i++) {
      if (wanted.test(examples.get(i))) {
        some.add(ratios[i]);
      }
    }
    float[] array = new float[some.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = some.get(i);
    }
    return array;
  }

  private void record(
      List<JudgedResponse> examples, float[] ratios, float[] logprobs, double shift, Sums sums) {
    sums.add("shift", shift * ratios.length, ratios.length);
    for (int i = 0; i < ratios.length; i++) {
      boolean desirable = examples.get(i).desirable();
      String kind = desirable ? "chosen" : "rejected";
      double reward = loss.beta() * ratios[i];
      sums.add(kind + "_reward", reward, 1);
      sums.add(kind + "_logprob", logprobs[i], 1);
      sums.add("margin", desirable ? reward : -reward, 0.5); // as many of both kinds, on the whole
      sums.add("accuracy", desirable == ratios[i] > shift ? 1 : 0, 1);
    }
  }
}
