package org.plumbline.train;

/** One row of training data, ready for an objective. */
public interface Example {
  /** Tokens of its longest sequence: examples of like length share a micro-batch. */
  int length();
}
