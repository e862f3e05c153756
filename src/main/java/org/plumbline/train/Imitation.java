package org.plumbline.train;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;

/**
 * The negative log-likelihood of response tokens, averaged over all of them.
 *
 * @param temperature that logits are divided by
 */
public record Imitation(double temperature) implements Objective<TokenResponse> {
  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<TokenResponse> examples, Sums sums) {
    List<Sequence> sequences = examples.stream().map(TokenResponse::sequence).toList();
    double tokens = sequences.stream().mapToInt(each -> each.response().length).sum();
    return new LossSum(tape.crossEntropy(TokenBatch.of(sequences, step), temperature), tokens);
  }
}
