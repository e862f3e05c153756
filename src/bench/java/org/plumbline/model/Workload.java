package org.plumbline.model;

import java.util.List;

/**
 * What a decoder has to do, by its shape alone.
 *
 * @param parameters weights in all
 * @param multiplied weights that take part in matrix products: all but lookups of tokens and
 *     positions, the language-model head once, also where it is the token embedding
 * @param adapters weights that are trained in place of them; 0 if all are
 */
public record Workload(
    long parameters, long multiplied, long adapters, int vocabulary, int layers, int hidden) {

  /** The workload of {@code decoder}. */
  public static Workload of(Decoder decoder) {
    Architecture architecture = decoder.architecture();
    List<Block> blocks = architecture.blocks();
    boolean tied = blocks.get(blocks.size() - 1).size() == 0;
    long lookups = blocks.get(1).size() + (tied ? 0 : blocks.get(0).size());
    Architecture.Shape shape = architecture.shape();
    return new Workload(
        decoder.size(),
        decoder.size() - lookups,
        decoder.lora().isPresent() ? decoder.trainedSize() : 0,
        shape.vocabulary(),
        shape.layers(),
        shape.hidden());
  }

  /**
   * Floating-point operations of one token's training, forward and backward, in rows of {@code
   * length}: six for each multiplied weight, twelve for each layer, channel and token attended to
   * (Chowdhery et al. 2022, arXiv:2204.02311, appendix B). Beside adapters, weights have no
   * gradients, which saves a third. Attention is counted as if it were not causal, and what
   * checkpointing works out again is not counted.
   */
  public double trainingFlop(int length) {
    double weights = adapters == 0 ? 6.0 * multiplied : 4.0 * multiplied + 6.0 * adapters;
    return weights + 12.0 * layers * length * hidden;
  }
}
