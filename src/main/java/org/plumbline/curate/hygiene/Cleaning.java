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
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.plumbline.table.Split;

/** Takes out of judgments what was found and is to go. */
final class Cleaning {
  /** So many ids fit into the memory of every executor. */
  private static final long FEW = 1_000_000;

  private Cleaning() {}

  static Dataset<Row> of(Dataset<Row> judgments, Dataset<Row> findings) {
    Dataset<Row> drops = findings.where("action = 'drop' and pair_id is null");
    Dataset<Row> kept = withoutJudgments(judgments, drops.where("judgment_id is not null"));
    Dataset<Row> whole = drops.where("judgment_id is null and response_id is null");
    kept = withoutPrompts(kept, whole.where("kind != 'leaks'"));
    kept = withoutLeaks(kept, whole.where("kind = 'leaks'"));
    kept = moved(kept, findings.where("action = 'move'"));
    kept = withoutResponses(kept, drops.where("judgment_id is null and response_id is not null"));
    return same(kept, judgments);
  }

  private static Dataset<Row> withoutJudgments(Dataset<Row> judgments, Dataset<Row> drops) {
    return join(judgments, drops.select("judgment_id").distinct(), "judgment_id", "left_anti");
  }

  private static Dataset<Row> withoutPrompts(Dataset<Row> judgments, Dataset<Row> drops) {
    return join(judgments, drops.select("prompt_id").distinct(), "prompt_id", "left_anti");
  }

  /** Of a prompt on both sides, what is held out stays. */
  private static Dataset<Row> withoutLeaks(Dataset<Row> judgments, Dataset<Row> drops) {
    Dataset<Row> leaking = drops.select(col("prompt_id")).distinct().withColumn("leaks", lit(true));
    Column stays = col("leaks").isNull().or(col("split").eqNullSafe(Split.HELD_OUT));
    return drops.isEmpty()
        ? judgments
        : join(judgments, leaking, "prompt_id", "left").where(stays).drop("leaks");
  }

  private static Dataset<Row> moved(Dataset<Row> judgments, Dataset<Row> moves) {
    Dataset<Row> moving = moves.select(col("prompt_id")).distinct().withColumn("moves", lit(true));
    if (moves.isEmpty()) {
      return judgments;
    }
    return join(judgments, moving, "prompt_id", "left")
        .withColumn("split", when(col("moves"), Split.HELD_OUT).otherwise(col("split")))
        .drop("moves");
  }

  /**
   * Responses leave the judgments of several; where fewer than two are left, nothing is compared.
   */
  private static Dataset<Row> withoutResponses(Dataset<Row> judgments, Dataset<Row> drops) {
    if (drops.isEmpty()) {
      return judgments;
    }
    Dataset<Row> gone = drops.groupBy("prompt_id").agg(collect_set("response_id").as("gone"));
    String id = "substring(sha2(cast(r.text as binary), 256), 1, 16)";
    Column kept =
        expr("filter(sequence(0, size(responses) - 1), i -> not array_contains(gone, ids[i]))");
    Dataset<Row> marked =
        join(judgments, gone, "prompt_id", "left")
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

  /** Rows with long texts stay where they are if what they are joined with is short. */
  private static Dataset<Row> join(
      Dataset<Row> judgments, Dataset<Row> marks, String column, String how) {
    long count = marks.count();
    if (count == 0 && how.equals("left_anti")) {
      return judgments;
    }
    Dataset<Row> right = count <= FEW ? broadcast(marks) : marks;
    return judgments.join(right, new String[] {column}, how);
  }
}
