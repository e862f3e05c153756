package org.plumbline.config;

import java.io.Serializable;

/**
 * A setting that one method is to have in a comparison, whatever others have: at the same learning
 * rate, or tied to the reference alike, not every loss does what it can.
 */
public record MethodOverride(
    @Setting(value = "", doc = "the method, by name") String method,
    @Setting(value = "", doc = "key=value") String set)
    implements Serializable {
  /** Checks that both are there. */
  public MethodOverride {
    if (method.isEmpty() || set.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid compare.overrides: '%s' of '%s' (must be a key=value of a method)"
              .formatted(set, method));
    }
  }
}
