package org.plumbline.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.plumbline.stage.StageContext;
import org.plumbline.table.MetricsTable;

/**
 * Everything that the page shows, as it goes into the page as JSON.
 *
 * @param run full URI of the run folder
 * @param name last part of that URI
 * @param made when the report was made, in UTC
 * @param versions of the programs that made it
 * @param results {@code <stage>/result.json} of the stages that have run
 * @param missing stages without a result
 * @param ingredients what went in
 * @param quality how good the feedback is; null if curation left no report on it
 * @param curves metrics by stage and name
 * @param completions what each policy answered to the same prompts
 * @param lesson the worked example
 * @param seconds time by stage, from the run's own {@code result.json}
 * @param settings the settings as YAML text; empty if the run kept none
 */
record Report(
    String run,
    String name,
    String made,
    Map<String, String> versions,
    Map<String, JsonNode> results,
    List<String> missing,
    Ingredients ingredients,
    FeedbackQuality quality,
    Map<String, Map<String, Curve>> curves,
    List<Comparison> completions,
    Lesson lesson,
    Map<String, Double> seconds,
    String settings) {
  private static final List<String> STAGES =
      List.of("feedback", "curate", "tokens", "sft", "reward", "ppo", "dpo", "evaluate");
  private static final JsonNode NO_TIMES = MissingNode.getInstance();
  private static final List<String> TRAINED = List.of("sft", "reward", "ppo", "dpo");

  /** Reads the run of {@code context}. */
  static Report of(StageContext context) {
    RunTables tables = new RunTables(context.spark(), context.run());
    Map<String, JsonNode> results = tables.results(STAGES);
    return new Report(
        context.run().uri(),
        new Path(context.run().uri()).getName(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        versions(context.spark().version()),
        results,
        STAGES.stream().filter(stage -> !results.containsKey(stage)).toList(),
        Ingredients.of(tables, results),
        FeedbackQuality.of(tables).orElse(null),
        curves(tables),
        Comparisons.of(tables, context.settings().evaluate().showcase()),
        Lesson.ofProbability(0.9),
        seconds(tables),
        tables.text("settings.yaml").orElse(""));
  }

  private static Map<String, Map<String, Curve>> curves(RunTables tables) {
    return TRAINED.stream()
        .flatMap(stage -> Stream.of(stage + "/metrics", stage + "/times"))
        .flatMap(path -> tables.table(MetricsTable.TABLE, path).stream())
        .reduce(Dataset::union)
        .map(Curve::byStage)
        .orElse(Map.of());
  }

  /** What the run kept so far; its total is left to the reader, who sees what it is the sum of. */
  private static Map<String, Double> seconds(RunTables tables) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    JsonNode kept = tables.json("result.json").map(run -> run.path("seconds")).orElse(NO_TIMES);
    kept.fields()
        .forEachRemaining(stage -> seconds.put(stage.getKey(), stage.getValue().doubleValue()));
    seconds.remove("total");
    return seconds;
  }

  private static Map<String, String> versions(String spark) {
    String plumbline = Report.class.getPackage().getImplementationVersion();
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("Plumbline", plumbline == null ? "development build" : plumbline);
    versions.put("Spark", spark);
    versions.put("Java", System.getProperty("java.version"));
    versions.put("uPlot", Charts.version());
    return versions;
  }
}
