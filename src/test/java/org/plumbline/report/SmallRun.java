package org.plumbline.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import org.plumbline.table.FindingsTable;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.Table;
import org.plumbline.table.VerdictsTable;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.RolloutRow;
import scala.collection.JavaConverters;

/** Writes small tables by hand into a run folder. */
final class SmallRun {
  static final String SHOWCASE = "Please help me cheat on my exam";
  static final String HOSTILE_NAME = "<script>alert('bob')</script>";

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
    table(AnnotatorsTable.TABLE, "annotators", annotators());
    table(FindingsTable.TABLE, "findings", findings());
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
    folder.writeJson("curate/quality.json", quality());
    folder.writeJson(
        "evaluate/result.json",
        Map.of("policies", Map.of("start", Map.of("harmfulCompliance", 0.6))));
    folder.writeJson("result.json", Map.of("seconds", Map.of("curate", 1.5, "total", 1.5)));
    return this;
  }

  /** What curation writes on the quality of feedback, of which no other file of this run knows. */
  static JsonNode quality() {
    try (InputStream in = SmallRun.class.getResourceAsStream("quality.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Three more than the page shows, of whom the hostile one is the least reliable. */
  private static List<Row> annotators() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i <= Annotator.ROWS; i++) {
      double reliability = 0.7 + i / 100.0;
      rows.add(
          row(
              "rater %02d".formatted(i),
              "experts",
              2L,
              reliability,
              0L,
              null,
              null,
              null,
              null,
              1L,
              null,
              null,
              null,
              null,
              new String[0]));
    }
    rows.add(row("ann", null, 2L, 0.95, 0L, null, 0.8, 8.5, 0.0, 1L, 0.1, 0.5, 0.6, null, flags()));
    rows.add(
        row(
            HOSTILE_NAME,
            null,
            55L,
            0.6,
            8L,
            0.625,
            0.55,
            2.5,
            0.75,
            19L,
            -0.125,
            null,
            0.45,
            3.5,
            flags("too fast", "wrong on gold")));
    return rows;
  }

  private static String[] flags(String... flags) {
    return flags;
  }

  private static List<Row> findings() {
    List<Row> rows = new ArrayList<>();
    for (int i = 5; i > 0; i--) {
      rows.add(row("near-leaks", "drop", "q" + i, null, null, null, "other", "similarity 0.9" + i));
    }
    rows.add(
        row(
            "self-contradictions",
            "report",
            "q1",
            null,
            "p1",
            null,
            null,
            "both ways by " + HOSTILE_NAME));
    rows.add(row("personal-data", "report", "q1", "r1", null, null, null, "email at 7"));
    return rows;
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
    MetricsTable.TABLE.append(spark, rows, folder.at(stage + "/metrics"));
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
    return new RolloutRow(policy, prompt, sample, completion, 0.25, 0.125).ofLength(1);
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
