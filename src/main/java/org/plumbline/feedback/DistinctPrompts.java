package org.plumbline.feedback;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Every prompt once.
 *
 * @param prompts rows of the prompts table
 * @param repeats what was given again, as rows of the rejects table
 */
record DistinctPrompts(Dataset<Row> prompts, Dataset<Row> repeats) {
  private static final String REPEATED = "Invalid prompt: repeated (must be given once)";

  /** Keeps the first row of each prompt, in the order of files and lines. */
  static DistinctPrompts ofFile(Dataset<Row> rows) {
    Dataset<Row> numbered =
        rows.withColumn(
            "nth",
            row_number().over(Window.partitionBy("prompt_id").orderBy(col("file"), col("line"))));
    Dataset<Row> repeats =
        numbered
            .where("nth > 1")
            .select(
                lit(REPEATED).as("reason"),
                lit("prompts").as("source"),
                col("file"),
                col("line"),
                expr("to_json(prompt)").as("raw"));
    return new DistinctPrompts(numbered.where("nth = 1"), repeats);
  }

  /** The prompts that were judged. One that any judgment holds out is held out. */
  static DistinctPrompts ofFeedback(Dataset<Row> feedback) {
    Dataset<Row> prompts =
        feedback
            .groupBy("prompt_id")
            .agg(
                first("prompt").as("prompt"),
                // "heldout" sorts before "train".
                min("split").as("split"))
            .withColumn("attributes", expr("cast(map() as map<string, string>)"));
    Dataset<Row> none =
        feedback
            .where(lit(false))
            .select(
                lit(REPEATED).as("reason"),
                lit("prompts").as("source"),
                col("file"),
                col("line"),
                col("prompt_id").as("raw"));
    return new DistinctPrompts(prompts, none);
  }
}
