package org.plumbline.curate.hygiene;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PromptId;
import org.plumbline.testing.LocalSpark;

/** Rows of the feedback table, as a test writes them. */
final class JudgmentRows {
  private static final StructType TYPE = FeedbackTable.TABLE.schema();
  private final List<Row> rows = new ArrayList<>();

  /** A choice for the first of two responses, by somebody new. */
  JudgmentRows add(String prompt, String better, String worse) {
    return add(prompt, better, worse, Map.of("annotator", "a" + rows.size()));
  }

  /** A choice for the first of two responses, with other columns. */
  JudgmentRows add(String prompt, String better, String worse, Map<String, Object> columns) {
    Map<String, Object> all = new HashMap<>();
    all.put("kind", "choice");
    all.put("ranking", new Integer[] {1, 2});
    all.put("responses", new Object[] {response("0", better), response("1", worse)});
    all.putAll(columns);
    return row(prompt, all);
  }

  /** A judgment of one response. */
  JudgmentRows rate(String prompt, String response) {
    return row(
        prompt,
        Map.of(
            "kind",
            "binary",
            "acceptable",
            true,
            "responses",
            new Object[] {response("0", response)}));
  }

  /** A ranking of three, best first. */
  JudgmentRows rank(String prompt, String... responses) {
    Object[] all = new Object[responses.length];
    Integer[] ranking = new Integer[responses.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = response(Integer.toString(i), responses[i]);
      ranking[i] = i + 1;
    }
    return row(
        prompt,
        Map.of(
            "kind",
            "ranking",
            "ranking",
            ranking,
            "responses",
            all,
            "shown",
            new Integer[] {2, 1, 0}));
  }

  private static Row response(String id, String text) {
    return RowFactory.create(id, text, null);
  }

  private JudgmentRows row(String prompt, Map<String, Object> columns) {
    List<Row> messages = List.of(PromptId.message("user", prompt));
    Map<String, Object> all = new HashMap<>();
    all.put("judgment_id", "j%03d".formatted(rows.size()));
    all.put("prompt_id", PromptId.of(messages));
    all.put("prompt", messages.toArray());
    all.put("split", "train");
    all.put("source", "test");
    all.put("file", "one.jsonl");
    all.put("line", (long) rows.size());
    all.put("gold", false);
    all.putAll(columns);
    rows.add(RowFactory.create(Stream.of(TYPE.fieldNames()).map(all::get).toArray()));
    return this;
  }

  Dataset<Row> dataset() {
    return LocalSpark.session().createDataFrame(rows, TYPE);
  }

  static String promptId(String prompt) {
    return PromptId.of(List.of(PromptId.message("user", prompt)));
  }
}
