package org.plumbline.conformance;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All equations, by the name that cases call them by. */
final class Equations {
  static final Map<String, Equation> BY_NAME = new TreeMap<>();

  static {
    Stream.of(
            PreferenceEquations.ALL,
            RewardEquations.ALL,
            PolicyEquations.ALL,
            SearchEquations.ALL,
            AgreementEquations.ALL)
        .forEach(BY_NAME::putAll);
  }

  private Equations() {}
}
