package org.plumbline.sft;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/** The negative log-likelihood of response tokens, averaged over all of them. */
record DemonstrationObjective() implements Objective<Demonstration> {
  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<Demonstration> examples, Sums sums) {
    List<Sequence> sequences = examples.stream().map(Demonstration::sequence).toList();
    TokenBatch batch = TokenBatch.of(sequences, step);
    double tokens = sequences.stream().mapToInt(s -> s.response().length).sum();
    sums.add("response_tokens", tokens, examples.size());
    return new LossSum(tape.crossEntropy(batch, 1.0), tokens);
  }
}
