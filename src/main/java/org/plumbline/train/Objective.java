package org.plumbline.train;

import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;

/**
 * What a method wants of a model.
 *
 * @param <E> an example, such as a pair of sequences
 */
public interface Objective<E> extends Serializable {
  /**
   * The loss of a micro-batch.
   *
   * @param tape runs the model
   * @param step owns every array that is made on the way
   * @param sums takes figures worth showing
   */
  LossSum loss(Tape tape, NDManager step, List<E> examples, Sums sums);

  /**
   * What must be found of a whole batch, over all micro-batches and ranks, before the loss of any
   * part of it can be worked out: the figures that this adds to sums. Its loss counts for nothing.
   * Most objectives need none.
   */
  default Optional<Objective<E>> survey() {
    return Optional.empty();
  }

  /** The same objective for the batch of which {@link #survey} found {@code figures}. */
  default Objective<E> knowing(Sums figures) {
    return this;
  }

  /**
   * Whether what an example adds to the loss depends on the others of its micro-batch. If it does
   * not, micro-batches may be smaller than they are allowed to be, where less is padded then.
   */
  default boolean comparesExamples() {
    return false;
  }

  /** What the model must have on its trunk. */
  Head head();
}
