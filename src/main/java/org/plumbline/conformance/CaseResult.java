package org.plumbline.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a case.
 *
 * @param golden the case
 * @param outputs what the equation gave, by name; empty if it could not be run
 * @param differences of each output that was expected; empty if there is a problem
 * @param problem why there is nothing to compare, or not everything
 */
public record CaseResult(
    GoldenCase golden,
    Map<String, JsonNode> outputs,
    List<Difference> differences,
    Optional<String> problem) {

  /** Whether all that was expected came out, within {@code tolerance}. */
  public boolean passed(double tolerance) {
    return problem.isEmpty() && failures(tolerance).isEmpty();
  }

  /** Differences above {@code tolerance}. */
  public List<Difference> failures(double tolerance) {
    return differences.stream().filter(each -> !(each.amount() <= tolerance)).toList();
  }
}
