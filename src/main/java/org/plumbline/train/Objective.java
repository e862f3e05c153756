package org.plumbline.train;

import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.List;
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

  /** What the model must have on its trunk. */
  Head head();
}
