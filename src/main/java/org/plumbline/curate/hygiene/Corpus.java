package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_union;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.table.Split;

/**
 * The judgments, and every prompt and every response in them once.
 *
 * @param judgments rows of the feedback table
 * @param known {@code prompt_id, prompt, text, judged, held_out, mixed}: judged prompts, and those
 *     that are held out without anybody having judged them; mixed are held out, but have judgments
 *     to learn from
 * @param responses {@code prompt_id, response_id, text}: what was judged, and revisions
 */
record Corpus(Dataset<Row> judgments, Dataset<Row> known, Dataset<Row> responses) {
  /** Texts are kept on disk: they are read by many checks and would fill the heap. */
  static Corpus of(Dataset<Row> judgments, Dataset<Row> prompts) {
    Column heldOut = coalesce(col("split").equalTo(Split.HELD_OUT), lit(false));
    Dataset<Row> known =
        seen(judgments, true, heldOut)
            .union(seen(prompts.where(heldOut), false, heldOut))
            .groupBy("prompt_id")
            .agg(
                first("prompt").as("prompt"),
                max("judged").as("judged"),
                max("held_out").as("held_out"),
                max("learned").and(max("held_out")).as("mixed"))
            .withColumn("text", expr("array_join(prompt.content, '\n')"))
            .persist(StorageLevel.DISK_ONLY());
    Column texts = col("responses.text");
    Column all =
        when(col("revision").isNull(), texts).otherwise(array_union(texts, array(col("revision"))));
    Dataset<Row> responses =
        judgments
            .select(col("prompt_id"), explode(all).as("text"))
            .distinct()
            .withColumn("response_id", Texts.id(col("text")))
            .persist(StorageLevel.DISK_ONLY());
    return new Corpus(judgments, known, responses);
  }

  private static Dataset<Row> seen(Dataset<Row> rows, boolean judged, Column heldOut) {
    return rows.select(
        col("prompt_id"),
        col("prompt"),
        lit(judged).as("judged"),
        heldOut.as("held_out"),
        not(heldOut).as("learned"));
  }

  /** The judged ones of those that are known. */
  Dataset<Row> prompts() {
    return known.where("judged");
  }

  /** Responses with something in them. */
  Dataset<Row> written() {
    return responses.where(not(col("text").rlike("^\\s*$")));
  }

  void release() {
    known.unpersist();
    responses.unpersist();
  }
}
