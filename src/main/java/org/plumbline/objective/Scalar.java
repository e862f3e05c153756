package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * Arithmetic of arrays with plain numbers, for whatever gradients go through.
 *
 * <p>An array's own {@code mul(Number)} and the like make an array of the number and close it at
 * once. Its memory is Java's, and goes with the next garbage collection; but autograd has kept the
 * array for the way back, and reads there whatever lies there by then. Here the number lives as
 * long as the manager of x. (To add one is safe: the way back does not look at it.)
 */
public final class Scalar {
  private Scalar() {}

  /** {@code x factor}. */
  public static NDArray times(NDArray x, double factor) {
    return x.mul(like(x, factor));
  }

  /** {@code x / divisor}. */
  public static NDArray over(NDArray x, double divisor) {
    return x.div(like(x, divisor));
  }

  /** {@code min(x, bound)}. */
  public static NDArray atMost(NDArray x, double bound) {
    return x.minimum(like(x, bound));
  }

  /** {@code max(x, bound)}. */
  public static NDArray atLeast(NDArray x, double bound) {
    return x.maximum(like(x, bound));
  }

  /** Of the type of x, which a double would make another if x has no dimensions. */
  private static NDArray like(NDArray x, double number) {
    return x.getManager().create(number).toType(x.getDataType(), false);
  }
}
