package org.plumbline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.plumbline.agreement.KrippendorffAlpha;
import org.plumbline.agreement.LabelReport;
import org.plumbline.agreement.PairwiseKappas;

/** How {@code plumbline agreement} says what it found: as JSON, and as a table. */
final class AgreementText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NAMED = 12;

  private final LabelReport report;

  AgreementText(LabelReport report) {
    this.report = report;
  }

  /** So many labels are printed at most: a few megabytes. */
  static final int MOST_LABELS = 100_000;

  /**
   * All there is; a number that is none is null.
   *
   * @param made item, method, label and probability; empty if they are too many to print
   */
  ObjectNode json(List<Row> made) {
    ObjectNode root = JSON.createObjectNode();
    counts().forEach((name, count) -> root.put(key(name), count));
    report.labels().forEach(root.putArray("labels")::add);
    put(root, "raw", report.agreement().raw());
    put(root, "fleiss", report.agreement().fleiss());
    ObjectNode alpha = root.putObject("alpha");
    report.agreement().alpha().forEach((level, value) -> put(alpha, lower(level), value));
    cohen(root.putObject("cohen"));
    for (LabelReport.Method method : report.methods()) {
      ObjectNode node = root.withArray("methods").addObject().put("method", method.name());
      node.put("fitted", method.fitted());
      node.put("rounds", method.rounds()).put("settled", method.settled());
      method.accuracy().ifPresent(accuracy -> put(node, "accuracy", accuracy));
      ObjectNode labels = JSON.createObjectNode();
      for (Row row : made) {
        if (row.getString(1).equals(method.name())) {
          labels.put(row.getString(0), row.getString(2));
        }
      }
      node.set("labels", made.isEmpty() ? NullNode.getInstance() : labels);
    }
    report.truth().ifPresent(truth -> root.set("truth", RunResult.json(truth)));
    return root;
  }

  private void cohen(ObjectNode node) {
    DoubleSummaryStatistics summary = report.cohen().summary();
    node.put("workers", report.cohen().workers());
    boolean some = summary.getCount() > 0;
    put(node, "mean", some ? summary.getAverage() : Double.NaN);
    put(node, "least", some ? summary.getMin() : Double.NaN);
    put(node, "greatest", some ? summary.getMax() : Double.NaN);
    node.putArray("pairs");
    for (PairwiseKappas.Pair pair : report.cohen().pairs()) {
      ObjectNode two = node.withArray("pairs").addObject();
      two.put("first", pair.first()).put("second", pair.second()).put("kappa", pair.kappa());
    }
  }

  /** One line for each thing. */
  String table() {
    StringBuilder lines = new StringBuilder();
    counts().forEach((name, count) -> line(lines, name, Long.toString(count)));
    int labels = report.labels().size();
    line(
        lines,
        "labels",
        labels > NAMED ? Integer.toString(labels) : String.join(", ", report.labels()));
    line(lines, "raw agreement", number(report.agreement().raw()));
    line(lines, "Fleiss' kappa", number(report.agreement().fleiss()));
    report
        .agreement()
        .alpha()
        .forEach((level, alpha) -> line(lines, "alpha, " + lower(level), number(alpha)));
    line(lines, "Cohen's kappa", cohen());
    report.methods().forEach(method -> line(lines, method.name(), said(method)));
    report
        .truth()
        .ifPresent(
            truth ->
                line(
                    lines,
                    "truth",
                    "%d items scored; %d without a truth and %d truths without answers not counted"
                        .formatted(truth.scored(), truth.unknown(), truth.unanswered())));
    return lines.toString();
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("items", report.agreement().items());
    counts.put("workers", report.workers());
    counts.put("answers", report.agreement().answers());
    counts.put("items with two answers or more", report.agreement().comparable());
    counts.put("incomplete rows", report.incomplete());
    counts.put("repeated rows", report.repeated());
    counts.put("contradictions", report.contradictions());
    return counts;
  }

  private static String key(String name) {
    return name.equals("items with two answers or more") ? "comparable" : name.split(" ", -1)[0];
  }

  private String cohen() {
    DoubleSummaryStatistics summary = report.cohen().summary();
    String pairs =
        "%d pairs of the %d workers with the most answers"
            .formatted(summary.getCount(), report.cohen().workers());
    return summary.getCount() == 0
        ? pairs
        : "mean %s, least %s, greatest %s (%s)"
            .formatted(
                number(summary.getAverage()),
                number(summary.getMin()),
                number(summary.getMax()),
                pairs);
  }

  private static String said(LabelReport.Method method) {
    if (!method.fitted()) {
      return "not fitted: too many workers and labels for memory";
    }
    String accuracy =
        method
            .accuracy()
            .map(share -> share.isNaN() ? "no accuracy" : percent(share) + " right")
            .map(text -> text + (method.rounds() > 0 ? ", " : ""))
            .orElse("");
    String rounds = method.rounds() + " rounds" + (method.settled() ? "" : " and not settled");
    return accuracy + (method.rounds() > 0 ? rounds : accuracy.isEmpty() ? "counted" : "");
  }

  private static void line(StringBuilder lines, String name, String value) {
    lines.append("%-31s %s\n".formatted(name, value));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void put(ObjectNode node, String name, double value) {
    node.put(name, Double.isNaN(value) ? null : Double.valueOf(value));
  }

  private static String lower(KrippendorffAlpha level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
