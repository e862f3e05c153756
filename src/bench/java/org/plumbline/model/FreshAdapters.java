package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** What a job that trains adapters begins with. */
public final class FreshAdapters {
  private FreshAdapters() {}

  /** Adapters that add nothing yet, the same for the same seed. */
  public static NDArray of(Decoder decoder, long seed, NDManager manager) {
    return Weights.initial(decoder.trained(), seed, manager);
  }
}
