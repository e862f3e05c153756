package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Majorities that contradict each other: A beats B, B beats C, C beats A. One finding a pair on the
 * cycle, with the judgments that made its majority.
 *
 * @param judgments how many of those to name
 */
record Cycles(String action, int judgments) {
  private static final StructType EDGE =
      new StructType()
          .add("prompt_id", StringType)
          .add("pair_id", StringType)
          .add("winner", StringType)
          .add("loser", StringType)
          .add("cycle", StringType);

  Dataset<Row> find(Dataset<Row> votes) {
    Dataset<Row> counted = votes.where("not gold");
    // Whole numbers add up to the same in whatever order.
    Dataset<Row> majorities =
        counted
            .groupBy("prompt_id", "pair_id", "left_id", "right_id")
            .agg(sum(expr("cast(round(preference * 1000000) as bigint)")).as("balance"))
            .where("balance != 0")
            .select(
                col("prompt_id"),
                col("pair_id"),
                expr("if(balance > 0, left_id, right_id)").as("winner"),
                expr("if(balance > 0, right_id, left_id)").as("loser"));
    Dataset<Row> cyclic =
        majorities
            .groupByKey((MapFunction<Row, String>) row -> row.getString(0), Encoders.STRING())
            .flatMapGroups(
                (FlatMapGroupsFunction<String, Row, Row>) Cycles::cyclic, Encoders.row(EDGE));
    return Check.findings(named(counted, cyclic), "cycles", action);
  }

  /** With the first few judgments for the majority of each pair. */
  private Dataset<Row> named(Dataset<Row> votes, Dataset<Row> cyclic) {
    Column names =
        slice(
            array_sort(array_distinct(flatten(collect_list("judgments")))),
            1,
            Math.max(1, judgments));
    return votes
        .select("pair_id", "left_id", "right_id", "preference", "judgments")
        .join(cyclic, "pair_id")
        .where("(preference > 0 and left_id = winner) or (preference < 0 and right_id = winner)")
        .groupBy(
            col("prompt_id"),
            col("pair_id"),
            col("winner").as("response_id"),
            col("loser").as("other_id"),
            col("cycle"))
        .agg(names.as("names"))
        .withColumn(
            "detail", concat(col("cycle"), lit(", judged by "), concat_ws(" ", col("names"))));
  }

  /** Rows of {@link #EDGE}: the pairs on one shortest cycle of each knot of one prompt. */
  private static Iterator<Row> cyclic(String promptId, Iterator<Row> rows) {
    List<Tournament.Win> wins = new ArrayList<>();
    rows.forEachRemaining(
        row -> wins.add(new Tournament.Win(row.getString(1), row.getString(2), row.getString(3))));
    List<Row> edges = new ArrayList<>();
    for (List<Tournament.Win> cycle : Tournament.of(wins).cycles()) {
      StringBuilder text = new StringBuilder();
      cycle.forEach(win -> text.append(win.winner()).append(" > "));
      text.append(cycle.get(0).winner());
      for (Tournament.Win win : cycle) {
        edges.add(
            RowFactory.create(promptId, win.pairId(), win.winner(), win.loser(), text.toString()));
      }
    }
    return edges.iterator();
  }
}
