package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
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
    Dataset<Row> found =
        cyclic
            .join(named(counted, cyclic), "pair_id")
            .withColumnRenamed("winner", "response_id")
            .withColumnRenamed("loser", "other_id")
            .withColumn("detail", concat(col("cycle"), lit(", judged by "), col("names")));
    return Check.findings(found, "cycles", action);
  }

  /** The first few judgments for the majority of each pair. */
  private Dataset<Row> named(Dataset<Row> votes, Dataset<Row> cyclic) {
    var first = Window.partitionBy("pair_id").orderBy("judgment");
    return votes
        .join(cyclic.select("pair_id", "winner"), "pair_id")
        .where("(preference > 0 and left_id = winner) or (preference < 0 and right_id = winner)")
        .select(col("pair_id"), expr("explode(judgments)").as("judgment"))
        .distinct()
        .withColumn("place", row_number().over(first))
        .where(col("place").leq(Math.max(1, judgments)))
        .groupBy("pair_id")
        .agg(concat_ws(" ", array_sort(collect_list("judgment"))).as("names"));
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
