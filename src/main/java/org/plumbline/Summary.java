package org.plumbline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.plumbline.stage.RunFolder;

/** Results in a few lines for people. */
final class Summary {
  private static final List<String> POLICIES = List.of("start", "ppo", "dpo");
  private static final int COLUMN = 12;

  private Summary() {}

  /** Every single figure of a stage's result, and where all of it is. */
  static String ofStage(Job job, ObjectNode result, RunFolder run) {
    Map<String, String> figures = new LinkedHashMap<>();
    flatten("", result, figures);
    return aligned(figures)
        + policies(result)
        + "result: "
        + shown(run.at(job.folder() + "/result.json"))
        + "\n";
  }

  private static void flatten(String prefix, ObjectNode node, Map<String, String> figures) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = prefix + field.getKey();
      if (name.equals("policies")) {
        continue;
      }
      if (field.getValue() instanceof ObjectNode nested) {
        flatten(name + ".", nested, figures);
      } else if (field.getValue().isArray()) {
        figures.put(name, field.getValue().size() + " entries");
      } else {
        figures.put(name, figure(field.getValue()));
      }
    }
  }

  /** A line a policy, a column a measure; nothing if a result is not about policies. */
  private static String policies(ObjectNode result) {
    if (result.path("policies").isEmpty()) {
      return "";
    }
    ObjectNode policies = (ObjectNode) result.get("policies");
    List<String> names = policies.properties().stream().map(Map.Entry::getKey).toList();
    List<String> measures = measures(policies, names);
    int width = measures.stream().mapToInt(String::length).max().orElse(0) + 2;
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("", row(measures, width));
    for (String name : names) {
      List<String> cells =
          measures.stream()
              .map(measure -> figure(policies.at("/" + name + "/" + measure)))
              .toList();
      rows.put(name, row(cells, width));
    }
    return aligned(rows) + "\n";
  }

  private static String aligned(Map<String, String> figures) {
    int width = figures.keySet().stream().mapToInt(String::length).max().orElse(1);
    return figures.entrySet().stream()
        .map(figure -> ("%-" + width + "s  %s\n").formatted(figure.getKey(), figure.getValue()))
        .collect(Collectors.joining());
  }

  /** The policies side by side, before and after; then how long it took and where the report is. */
  static String ofRun(ObjectNode result, RunFolder run) {
    StringBuilder text = new StringBuilder(comparison(result));
    double total = result.at("/seconds/total").asDouble();
    text.append(String.format(Locale.ROOT, "time:   %.0f s%n", total));
    text.append("result: ").append(shown(run.at("result.json"))).append('\n');
    if (run.has("report/index.html")) {
      text.append("report: ").append(shown(run.at("report/index.html"))).append('\n');
    }
    return text.toString();
  }

  private static String comparison(ObjectNode result) {
    List<String> policies = POLICIES.stream().filter(name -> result.path(name).isObject()).toList();
    if (policies.isEmpty()) {
      return "";
    }
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("", row(policies, COLUMN));
    for (String measure : measures(result, policies)) {
      rows.put(
          measure,
          row(
              policies.stream().map(name -> figure(result.at("/" + name + "/" + measure))).toList(),
              COLUMN));
    }
    return aligned(rows) + "\n";
  }

  private static List<String> measures(ObjectNode result, List<String> policies) {
    return policies.stream()
        .flatMap(name -> ((ObjectNode) result.get(name)).properties().stream())
        .filter(field -> field.getValue().isNumber())
        .map(Map.Entry::getKey)
        .distinct()
        .toList();
  }

  private static String row(List<String> cells, int width) {
    return cells.stream().map(("%" + width + "s")::formatted).collect(Collectors.joining());
  }

  private static String figure(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      double number = value.asDouble();
      String format = number != 0 && Math.abs(number) < 0.001 ? "%.2e" : "%.3f";
      return String.format(Locale.ROOT, format, number);
    }
    return value.isMissingNode() ? "-" : value.asText();
  }

  private static String shown(String uri) {
    Path path = new Path(uri);
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : uri;
  }
}
