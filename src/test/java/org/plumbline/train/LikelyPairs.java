package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;

/** Both responses of a pair are to be likely, and worth 1 at every token. */
record LikelyPairs() implements Objective<TokenPair> {
  @Override
  public Head head() {
    return Head.VALUE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<TokenPair> examples, Sums sums) {
    PairBatch batch = PairBatch.of(examples, step);
    Decoder.PolicyOutputs now = tape.policy(batch.tokens(), 1.0);
    NDArray off = now.values().sub(1f).square().mul(batch.tokens().responseMask()).sum();
    return new LossSum(off.sub(now.logprobs().sum()), examples.size());
  }
}
