package org.plumbline.judge;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;

/**
 * Says by rule what a completion earns. {@code reward.terms} names it; implementations are found by
 * {@link ServiceLoader}, so a jar with one beside Plumbline's suffices.
 */
public interface RewardFunction extends Serializable {
  /** The name by which settings refer to it. */
  String name();

  /**
   * The function as {@code argument} has it; asked once, on the driver.
   *
   * @param argument as in settings; empty if there is none
   * @throws IOException if a file that it names cannot be read
   * @throws IllegalArgumentException if it cannot be used, with the reason
   */
  default RewardFunction with(String argument, Configuration configuration) throws IOException {
    if (!argument.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid argument of %s: %s (must be empty)".formatted(name(), argument));
    }
    return this;
  }

  /**
   * What {@code answer} earns; on any executor, by several threads at once.
   *
   * @return a finite number
   */
  double reward(Answer answer);

  /**
   * The function called {@code name}, with its argument.
   *
   * @throws IllegalArgumentException if there is none
   */
  static RewardFunction named(String name, String argument, Configuration configuration)
      throws IOException {
    List<RewardFunction> all =
        ServiceLoader.load(RewardFunction.class, RewardFunction.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    for (RewardFunction function : all) {
      if (function.name().equals(name)) {
        return function.with(argument, configuration);
      }
    }
    throw new IllegalArgumentException(
        "Invalid reward function: %s (must be one of %s)"
            .formatted(name, String.join(", ", all.stream().map(RewardFunction::name).toList())));
  }
}
