package org.plumbline.sft;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.train.Imitation;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;
import org.plumbline.train.TokenResponse;

/** Imitation that also tells how long responses are. */
record DemonstrationObjective(Imitation imitation) implements Objective<TokenResponse> {
  @Override
  public Head head() {
    return imitation.head();
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<TokenResponse> examples, Sums sums) {
    LossSum loss = imitation.loss(tape, step, examples, sums);
    sums.add("response_tokens", loss.count(), examples.size());
    return loss;
  }
}
