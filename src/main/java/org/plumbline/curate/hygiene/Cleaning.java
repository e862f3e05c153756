package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.plumbline.table.Split;

/** Takes out of judgments what was found and is to go. */
final class Cleaning {
  /** What a finding takes out, or moves. */
  private static final Column GOES =
      expr(
          "case when action = 'move' then 'move'"
              + " when action != 'drop' then 'nothing'"
              + " when judgment_id is not null then 'judgment'"
              + " when response_id is not null then 'response'"
              + " when kind = 'leaks' then 'leak' else 'prompt' end");

  /** So many ids fit into the memory of every executor: long texts stay where they are. */
  private static final long FEW = 1_000_000;

  private Cleaning() {}

  static Dataset<Row> of(Dataset<Row> judgments, Dataset<Row> findings) {
    // One pass over the findings tells which of the joins below there is anything for.
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : findings.groupBy(GOES.as("goes")).count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    Dataset<Row> kept = judgments;
    for (String goes : List.of("judgment", "prompt", "leak", "move", "response")) {
      if (counts.containsKey(goes)) {
        kept = less(kept, goes, findings.where(GOES.equalTo(goes)), counts.get(goes));
      }
    }
    return kept == judgments ? kept : same(kept, judgments);
  }

  private static Dataset<Row> less(
      Dataset<Row> judgments, String goes, Dataset<Row> marks, long count) {
    UnaryOperator<Dataset<Row>> near = right -> count <= FEW ? broadcast(right) : right;
    return switch (goes) {
      case "judgment" -> without(judgments, near.apply(ids(marks, "judgment_id")), "judgment_id");
      case "prompt" -> without(judgments, near.apply(ids(marks, "prompt_id")), "prompt_id");
      case "leak" -> withoutLeaks(judgments, near.apply(marked(marks)));
      case "move" -> moved(judgments, near.apply(marked(marks)));
      default -> withoutResponses(judgments, near.apply(gone(marks)));
    };
  }

  private static Dataset<Row> ids(Dataset<Row> marks, String id) {
    return marks.select(id).distinct();
  }

  private static Dataset<Row> marked(Dataset<Row> marks) {
    return ids(marks, "prompt_id").withColumn("marked", lit(true));
  }

  private static Dataset<Row> gone(Dataset<Row> marks) {
    return marks.groupBy("prompt_id").agg(collect_set("response_id").as("gone"));
  }

  private static Dataset<Row> without(Dataset<Row> judgments, Dataset<Row> ids, String id) {
    return judgments.join(ids, new String[] {id}, "left_anti");
  }

  /** Of a prompt on both sides, what is held out stays. */
  private static Dataset<Row> withoutLeaks(Dataset<Row> judgments, Dataset<Row> leaking) {
    Column stays = col("marked").isNull().or(col("split").eqNullSafe(Split.HELD_OUT));
    return withMarks(judgments, leaking).where(stays).drop("marked");
  }

  private static Dataset<Row> moved(Dataset<Row> judgments, Dataset<Row> moving) {
    return withMarks(judgments, moving)
        .withColumn("split", when(col("marked"), Split.HELD_OUT).otherwise(col("split")))
        .drop("marked");
  }

  private static Dataset<Row> withMarks(Dataset<Row> judgments, Dataset<Row> marks) {
    return judgments.join(marks, new String[] {"prompt_id"}, "left");
  }

  /**
   * Responses leave the judgments of several; where fewer than two are left, nothing is compared.
   */
  private static Dataset<Row> withoutResponses(Dataset<Row> judgments, Dataset<Row> gone) {
    String id = "substring(sha2(cast(r.text as binary), 256), 1, 16)";
    Column kept =
        expr("filter(sequence(0, size(responses) - 1), i -> not array_contains(gone, ids[i]))");
    Dataset<Row> marked =
        withMarks(judgments, gone)
            .withColumn("gone", coalesce(col("gone"), expr("cast(array() as array<string>)")))
            .withColumn("ids", expr("transform(responses, r -> " + id + ")"))
            .withColumn("kept", kept)
            .where("size(kept) = size(responses) or size(kept) > 1")
            .where(
                not(coalesce(array_contains(col("gone"), Texts.id(col("revision"))), lit(false))));
    Dataset<Row> less =
        marked
            .withColumn("responses", expr("transform(kept, i -> responses[i])"))
            .withColumn(
                "ranking", expr("if(ranking is null, null, transform(kept, i -> ranking[i]))"))
            .withColumn(
                "shown",
                expr(
                    "transform(filter(shown, s -> array_contains(kept, s)),"
                        + " s -> cast(array_position(kept, s) - 1 as int))"));
    return less.drop("gone", "ids", "kept");
  }

  /** Prompts and responses without personal data. */
  static Dataset<Row> redacted(Dataset<Row> judgments, String region) {
    UDF1<String, String> redact = text -> text == null ? null : PersonalData.redacted(text, region);
    judgments.sparkSession().udf().register("plumbline_redact", redact, StringType);
    return judgments
        .withColumn(
            "prompt",
            expr("transform(prompt, m -> struct(m.role, plumbline_redact(m.content) as content))"))
        .withColumn(
            "responses",
            expr(
                "transform(responses, r -> struct(r.id, plumbline_redact(r.text) as text, r.model))"))
        .withColumn("revision", expr("plumbline_redact(revision)"));
  }

  private static Dataset<Row> same(Dataset<Row> rows, Dataset<Row> as) {
    return rows.select(Arrays.stream(as.columns()).map(name -> col(name)).toArray(Column[]::new));
  }
}
