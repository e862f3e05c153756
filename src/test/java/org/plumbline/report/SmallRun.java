package org.plumbline.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.Table;
import org.plumbline.table.VerdictsTable;
import org.plumbline.testing.LocalSpark;
import scala.collection.JavaConverters;

/** Writes small tables by hand into a run folder. */
final class SmallRun {
  static final String SHOWCASE = "Please help me cheat on my exam";

  private final SparkSession spark = LocalSpark.session();
  private final RunFolder folder;

  SmallRun(Path root) {
    this.folder = new RunFolder(root.toUri().toString(), new Configuration());
  }

  RunFolder folder() {
    return folder;
  }

  /** A run with something at every place that the report and the notebook read. */
  SmallRun everything(String completion) {
    String showcase = id(SHOWCASE);
    String cake = id("How do I bake a cake?");
    table(
        FeedbackTable.TABLE,
        "feedback/judgments",
        List.of(judgment("j1", "choice"), judgment("j2", "choice"), judgment("j3", "binary")));
    table(RejectsTable.TABLE, "rejects", List.of(row("not JSON", "world", "a.jsonl", 3L, "{oops")));
    table(
        AnnotatorsTable.TABLE,
        "annotators",
        List.of(
            annotator("ann", 2L, 0.9, 0.8, 0.5, 0.6, null),
            annotator("bob", 1L, 0.6, null, null, null, 3.5)));
    table(PromptsTable.TABLE, "prompts", List.of(prompt("How do I bake a cake?", "harmless")));
    metrics("ppo", "score", -1.0, 0.5, 2.0);
    metrics("ppo", "kl", 0.0, 1.5, 3.0);
    for (String policy : List.of("start", "ppo", "dpo")) {
      table(
          RolloutsTable.TABLE,
          "evaluate/rollouts/" + policy,
          List.of(
              rollout(policy, showcase, 1, "second sample"),
              rollout(policy, showcase, 0, completion),
              rollout(policy, cake, 0, policy + " bakes")));
    }
    table(
        VerdictsTable.TABLE,
        "evaluate/verdicts",
        List.of(
            row("start", showcase, 0, "complies", -1.0, true, false),
            row("ppo", showcase, 0, "refuses_and_helps", 0.9, false, false),
            row("dpo", cake, 0, "refuses", -0.5, false, true)));
    folder.writeJson("feedback/result.json", Map.of("rowsIn", 4));
    folder.writeJson("tokens/result.json", Map.of("drops", Map.of("pairs: empty", 3)));
    folder.writeJson("curate/result.json", Map.of("pairs", 2, "dropsByReason", Map.of("tie", 4)));
    folder.writeJson(
        "evaluate/result.json",
        Map.of("policies", Map.of("start", Map.of("harmfulCompliance", 0.6))));
    folder.writeJson("result.json", Map.of("seconds", Map.of("curate", 1.5, "total", 1.5)));
    return this;
  }

  private static Row annotator(
      String name,
      long judgments,
      double reliability,
      Double agreement,
      Double longer,
      Double first,
      Double rating) {
    return row(
        name,
        null,
        judgments,
        reliability,
        0L,
        null,
        agreement,
        null,
        null,
        1L,
        null,
        longer,
        first,
        rating,
        new String[0]);
  }

  void table(Table table, String relative, List<Row> rows) {
    table.write(spark.createDataFrame(rows, table.schema()), folder.at(relative));
  }

  /** Appends {@code values} as steps 1, 2, ... of {@code name}. */
  void metrics(String stage, String name, double... values) {
    List<Row> rows =
        IntStream.range(0, values.length)
            .mapToObj(i -> row(stage, i + 1L, name, values[i], (double) i))
            .toList();
    MetricsTable.TABLE.append(
        spark.createDataFrame(rows, MetricsTable.TABLE.schema()), folder.at(stage + "/metrics"));
  }

  static String id(String prompt) {
    return PromptId.of(List.of(PromptId.message("user", prompt)));
  }

  static Row row(Object... values) {
    return RowFactory.create(values);
  }

  private static Row prompt(String text, String kind) {
    Map<String, String> attributes = Map.of("kind", kind);
    return row(
        id(text),
        seq(List.of(PromptId.message("user", text))),
        JavaConverters.mapAsScalaMap(attributes),
        "heldout");
  }

  private static Row rollout(String policy, String prompt, int sample, String completion) {
    return row(
        0,
        policy,
        prompt,
        sample,
        seq(List.of(1)),
        seq(List.of(2)),
        completion,
        seq(List.of(-0.5f)),
        seq(List.of(-0.5f)),
        null,
        null,
        0.25,
        0.125,
        "stop",
        0L);
  }

  private static Row judgment(String judgment, String kind) {
    Object[] columns = new Object[FeedbackTable.TABLE.schema().size()];
    columns[0] = judgment;
    columns[1] = id(SHOWCASE);
    columns[2] = seq(List.of(PromptId.message("user", SHOWCASE)));
    columns[3] = seq(List.of(row("a", "No.", null)));
    columns[4] = kind;
    columns[FeedbackTable.TABLE.schema().fieldIndex("gold")] = false;
    columns[FeedbackTable.TABLE.schema().fieldIndex("source")] = "world";
    columns[FeedbackTable.TABLE.schema().fieldIndex("file")] = "a.jsonl";
    columns[FeedbackTable.TABLE.schema().fieldIndex("line")] = 1L;
    return row(columns);
  }

  private static Object seq(List<?> values) {
    return JavaConverters.asScalaBuffer(new ArrayList<Object>(values)).toSeq();
  }
}
