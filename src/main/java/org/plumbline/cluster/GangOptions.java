package org.plumbline.cluster;

import java.io.Serializable;
import java.time.Duration;

/**
 * What may be chosen of a gang.
 *
 * @param deadline longest time that one rank may keep the others waiting, unless it says that it is
 *     {@link Gang#busy}; beyond it the attempt fails
 * @param wire how sums travel
 */
public record GangOptions(Duration deadline, Wire wire) implements Serializable {
  /** A deadline of a minute, and the exact values. */
  public static final GangOptions DEFAULT = new GangOptions(Duration.ofSeconds(60), Wire.FLOAT32);

  /** Refuses what cannot be. */
  public GangOptions {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "Invalid deadline of a gang: " + deadline + " (must be above 0)");
    }
  }
}
