package org.plumbline.train;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;

/** Without a head, so that both slices have as many elements. */
record Likelihood() implements Objective<Sequence> {
  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<Sequence> examples, Sums sums) {
    return new LossSum(tape.crossEntropy(TokenBatch.of(examples, step), 1.0), examples.size());
  }
}
