package org.plumbline.config;

import java.util.List;

/** Settings that cannot be used. Lists everything that is wrong, so that one look mends it all. */
public final class InvalidSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** All that is wrong, one line each. */
  public InvalidSettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each thing that is wrong, with where it was written. */
  public List<String> problems() {
    return problems;
  }
}
