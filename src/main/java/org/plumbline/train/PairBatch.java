package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.Stream;
import org.plumbline.model.TokenBatch;

/**
 * Pairs side by side: the chosen sequences first, then the rejected ones, in one batch of 2B rows.
 *
 * @param tokens 2B rows
 * @param probability [B]
 * @param weight [B]
 */
public record PairBatch(TokenBatch tokens, NDArray probability, NDArray weight) {
  /** Lays out {@code pairs} in arrays of {@code manager}. */
  public static PairBatch of(List<TokenPair> pairs, NDManager manager) {
    return new PairBatch(
        TokenBatch.of(
            Stream.concat(
                    pairs.stream().map(TokenPair::chosenSequence),
                    pairs.stream().map(TokenPair::rejectedSequence))
                .toList(),
            manager),
        PerExample.of(manager, pairs, TokenPair::probability),
        PerExample.of(manager, pairs, TokenPair::weight));
  }

  /** The chosen half of an array of 2B rows. */
  public NDArray chosen(NDArray both) {
    return both.get(":" + pairs());
  }

  /** The rejected half of an array of 2B rows. */
  public NDArray rejected(NDArray both) {
    return both.get(pairs() + ":");
  }

  private long pairs() {
    return weight.size();
  }
}
