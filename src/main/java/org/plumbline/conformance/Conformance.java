package org.plumbline.conformance;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plumbline.model.Devices;

/** Runs the equations on cases whose outcome is known. */
public final class Conformance {
  private Conformance() {}

  /** The names that cases may have, in order. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(Equations.BY_NAME.keySet());
  }

  /** Runs each case, in order. A case that cannot be run is a result with a problem. */
  public static List<CaseResult> run(List<GoldenCase> cases) {
    return cases.stream().map(Conformance::run).toList();
  }

  private static CaseResult run(GoldenCase golden) {
    Equation equation = Equations.BY_NAME.get(golden.name());
    if (equation == null) {
      return problem(golden, "no such case (there are: %s)".formatted(String.join(", ", names())));
    }
    try (NDManager manager = Devices.host()) {
      return compare(golden, equation.of(new Given(golden, manager)).values());
    } catch (RuntimeException e) {
      // Whatever an equation makes of a case that does not suit it, the others are to be run.
      return problem(golden, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static CaseResult compare(GoldenCase golden, Map<String, JsonNode> outputs) {
    List<Difference> differences = new ArrayList<>();
    for (Map.Entry<String, JsonNode> expected : golden.expected().properties()) {
      String name = expected.getKey();
      if (!outputs.containsKey(name)) {
        throw new IllegalArgumentException(
            "no output %s (there are: %s)".formatted(name, String.join(", ", outputs.keySet())));
      }
      differences.add(Difference.greatest(name, expected.getValue(), outputs.get(name)));
    }
    return new CaseResult(golden, outputs, differences, Optional.empty());
  }

  private static CaseResult problem(GoldenCase golden, String problem) {
    return new CaseResult(golden, Map.of(), List.of(), Optional.of(problem));
  }
}
