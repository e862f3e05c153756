package org.plumbline.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.ntile;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * One metric over time, thinned to what a screen can show.
 *
 * @param steps strictly rising
 * @param values one a step; null where the metric was not a finite number
 * @param every measurements that the fullest point is the mean of; 1 means nothing was thinned
 */
record Curve(List<Long> steps, List<Double> values, long every) {
  /** Points that a curve has at most. */
  static final int POINTS = 500;

  /** Curves by stage and name. A step written twice counts as last written. */
  static Map<String, Map<String, Curve>> byStage(Dataset<Row> metrics) {
    Dataset<Row> tiles =
        metrics
            .groupBy("stage", "name", "step")
            .agg(max_by(col("value"), col("time")).as("value"))
            .withColumn(
                "tile", ntile(POINTS).over(Window.partitionBy("stage", "name").orderBy("step")))
            .groupBy("stage", "name", "tile")
            .agg(
                struct(max("step").as("step"), avg("value").as("value"), count(lit(1)).as("rows"))
                    .as("point"));
    Map<String, Map<String, Curve>> curves = new TreeMap<>();
    for (Row row :
        tiles
            .groupBy("stage", "name")
            .agg(sort_array(collect_list("point")).as("points"))
            .collectAsList()) {
      curves
          .computeIfAbsent(row.getString(0), stage -> new TreeMap<>())
          .put(row.getString(1), of(row.getList(2)));
    }
    return curves;
  }

  private static Curve of(List<Row> points) {
    List<Long> steps = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    long every = 1;
    for (Row point : points) {
      double value = point.getDouble(1);
      steps.add(point.getLong(0));
      values.add(Double.isFinite(value) ? value : null);
      every = Math.max(every, point.getLong(2));
    }
    return new Curve(steps, values, every);
  }
}
