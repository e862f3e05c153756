package org.plumbline.model;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What untrusted files must hold, ticked off by their headers before any number is read. */
final class Inventory {
  private final String failure;
  private final Map<String, long[]> wanted;
  private final Set<String> found = new HashSet<>();

  /**
   * An inventory with nothing found.
   *
   * @param failure how errors begin
   * @param wanted the shape of each tensor by its name
   */
  Inventory(String failure, Map<String, long[]> wanted) {
    this.failure = failure;
    this.wanted = wanted;
  }

  boolean wants(String name) {
    return wanted.containsKey(name);
  }

  /**
   * Ticks off {@code name}.
   *
   * @return the format that its numbers come in
   * @throws IOException if it was there before, or has another shape or no format of weights
   */
  NumberFormat found(String name, TensorEntry entry) throws IOException {
    if (!found.add(name)) {
      throw failure("it has " + name + " twice");
    }
    if (!Arrays.equals(wanted.get(name), entry.shape())) {
      throw failure(
          "%s has shape %s (must be %s)"
              .formatted(
                  entry.name(), Arrays.toString(entry.shape()), Arrays.toString(wanted.get(name))));
    }
    return NumberFormat.of(entry.dtype())
        .orElseThrow(
            () ->
                failure(
                    "%s has dtype %s (must be F32, BF16 or F16)"
                        .formatted(entry.name(), entry.dtype())));
  }

  /** Refuses what is not complete; of the optional tensors, all may be missing, or none. */
  void requireComplete(String kind, Predicate<String> optional) throws IOException {
    boolean without = found.stream().noneMatch(optional);
    for (String name : wanted.keySet()) {
      if (!found.contains(name) && !(without && optional.test(name))) {
        throw failure("no " + kind + name);
      }
    }
  }

  IOException failure(String why) {
    return new IOException(failure + ": " + why);
  }
}
