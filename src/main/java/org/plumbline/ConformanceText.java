package org.plumbline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.plumbline.conformance.CaseResult;
import org.plumbline.conformance.Difference;

/**
 * How {@code plumbline conformance} says what it found: as JSON, and in lines.
 *
 * @param results in the order of the file
 * @param tolerance how far a number may be off
 */
record ConformanceText(List<CaseResult> results, double tolerance) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How many cases did not pass. */
  long failed() {
    return results.stream().filter(result -> !result.passed(tolerance)).count();
  }

  /** A line for each case, and one for all. */
  String lines() {
    return results.stream().map(this::line).collect(Collectors.joining())
        + "%d passed, %d failed\n".formatted(results.size() - failed(), failed());
  }

  private String line(CaseResult result) {
    String status = result.passed(tolerance) ? "pass" : "FAIL";
    String reasons =
        result
            .problem()
            .orElseGet(
                () ->
                    result.failures(tolerance).stream()
                        .map(ConformanceText::said)
                        .collect(Collectors.joining("; ")));
    return "%s  %s  %s".formatted(status, result.golden(), reasons).stripTrailing() + "\n";
  }

  private static String said(Difference difference) {
    return String.format(
        Locale.ROOT,
        "%s%s: expected %.8g, got %.8g, greatest difference %.1e",
        difference.output(),
        difference.place(),
        difference.expected(),
        difference.got(),
        difference.amount());
  }

  /** All there is, with all numbers that the equations gave. */
  ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("passed", results.size() - failed()).put("failed", failed());
    root.put("tolerance", tolerance);
    root.putArray("cases");
    results.forEach(result -> root.withArray("cases").add(json(result)));
    return root;
  }

  private ObjectNode json(CaseResult result) {
    ObjectNode node = JSON.createObjectNode();
    node.put("case", result.golden().name()).put("source", result.golden().source());
    node.set("params", result.golden().params());
    node.put("passed", result.passed(tolerance));
    result.problem().ifPresent(problem -> node.put("problem", problem));
    ObjectNode outputs = node.putObject("outputs");
    for (Difference difference : result.differences()) {
      String name = difference.output();
      ObjectNode output = outputs.putObject(name);
      output.set("expected", result.golden().expected().get(name));
      output.set("got", result.outputs().get(name));
      output.put("greatestDifference", difference.amount());
    }
    return node;
  }
}
