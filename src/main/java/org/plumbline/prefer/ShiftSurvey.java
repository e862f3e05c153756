package org.plumbline.prefer;

import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.BcoLoss;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.UnpairedLoss;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * Finds what counts for nothing either way in a batch, the shift of a loss of single responses: for
 * KTO how far the policy is from its reference, for BCO half-way between both kinds. It is found of
 * the whole batch, so that neither micro-batches nor ranks change what is learned. It also counts
 * both kinds.
 */
record ShiftSurvey(UnpairedLoss loss) implements Objective<JudgedResponse> {
  /**
   * What is found of a batch.
   *
   * @param shift the log-ratio of policy to reference, in nats, that counts for nothing either way
   * @param desirable responses of this kind
   * @param undesirable responses of the other
   */
  record Found(double shift, double desirable, double undesirable) implements Serializable {}

  private static final String MISMATCHED = "mismatched";
  private static final String DESIRABLE = "desirable";
  private static final String UNDESIRABLE = "undesirable";

  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<JudgedResponse> examples, Sums sums) {
    if (loss instanceof KtoLoss) {
      examples.forEach(each -> sums.add(kind(each), 0, 1));
      mismatched(tape, step, examples, sums);
    } else {
      bothKinds(tape, step, examples, sums);
    }
    return new LossSum(step.create(0f), 0);
  }

  private static void mismatched(
      Tape tape, NDManager step, List<JudgedResponse> examples, Sums sums) {
    List<JudgedResponse> some =
        examples.stream().filter(each -> each.mismatched().length > 0).toList();
    if (!some.isEmpty()) {
      float[] logprobs =
          logprobs(tape, step, some.stream().map(JudgedResponse::mismatchedSequence).toList());
      for (int i = 0; i < logprobs.length; i++) {
        sums.add(MISMATCHED, logprobs[i] - some.get(i).mismatchedReference(), 1);
      }
    }
  }

  private static void bothKinds(
      Tape tape, NDManager step, List<JudgedResponse> examples, Sums sums) {
    float[] logprobs =
        logprobs(tape, step, examples.stream().map(JudgedResponse::sequence).toList());
    for (int i = 0; i < logprobs.length; i++) {
      JudgedResponse each = examples.get(i);
      sums.add(kind(each), logprobs[i] - each.reference(), 1);
    }
  }

  private static String kind(JudgedResponse response) {
    return response.desirable() ? DESIRABLE : UNDESIRABLE;
  }

  private static float[] logprobs(Tape tape, NDManager step, List<Sequence> sequences) {
    return tape.fixedLogprobs(TokenBatch.of(sequences, step), 1.0)
        .sum(new int[] {1})
        .toFloatArray();
  }

  /** What {@code figures} of a whole batch come to. */
  Found found(Sums figures) {
    return new Found(shift(figures), figures.count(DESIRABLE), figures.count(UNDESIRABLE));
  }

  private double shift(Sums figures) {
    if (loss instanceof KtoLoss) {
      return KtoLoss.shift(figures.mean(MISMATCHED));
    }
    // Of one kind alone the mean stands for both.
    return BcoLoss.shift(
        figures.mean(figures.count(DESIRABLE) == 0 ? UNDESIRABLE : DESIRABLE),
        figures.mean(figures.count(UNDESIRABLE) == 0 ? DESIRABLE : UNDESIRABLE));
  }
}
