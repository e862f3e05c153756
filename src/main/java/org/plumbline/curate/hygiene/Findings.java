package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.table.FindingsTable;

/**
 * What was found, and what is left of what was looked at.
 *
 * @param rows as in {@link FindingsTable}
 * @param kept what was looked at, in the same columns, less what is to be dropped
 */
public record Findings(Dataset<Row> rows, Dataset<Row> kept) {
  /**
   * How often a check found something.
   *
   * @param kind the name of the check's setting
   * @param action what was done: report, drop, move or redact
   * @param findings rows of the findings table
   * @param prompts prompts that they are about
   */
  public record Count(String kind, String action, long findings, long prompts) {}

  /** Counts by kind and action, sorted by both. */
  public List<Count> counts() {
    return rows
        .groupBy("kind", "action")
        .agg(count(lit(1)), count_distinct(col("prompt_id")))
        .orderBy("kind", "action")
        .collectAsList()
        .stream()
        .map(row -> new Count(row.getString(0), row.getString(1), row.getLong(2), row.getLong(3)))
        .toList();
  }

  /** The first {@code samples} findings of each kind, the same on every run. */
  public List<Row> samples(int samples) {
    Column[] order =
        Arrays.stream(FindingsTable.TABLE.schema().fieldNames())
            .map(name -> col(name))
            .toArray(Column[]::new);
    List<Row> first = new ArrayList<>();
    for (Count each : counts()) {
      first.addAll(
          rows.where(col("kind").equalTo(each.kind()).and(col("action").equalTo(each.action())))
              .orderBy(order)
              .limit(samples)
              .collectAsList());
    }
    return first;
  }

  /** Lets go of what was kept at hand to find this; what was found is not read any more. */
  public void release() {
    rows.unpersist();
  }
}
