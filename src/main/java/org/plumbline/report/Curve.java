package org.plumbline.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.ntile;

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

  /** A curve for each name in {@code metrics}. A step written twice counts as last written. */
  static Map<String, Curve> byName(Dataset<Row> metrics) {
    Dataset<Row> latest =
        metrics
            .groupBy("name", "step")
            .agg(max_by(col("value"), col("time")).as("value"))
            .withColumn("tile", ntile(POINTS).over(Window.partitionBy("name").orderBy("step")));
    List<Row> points =
        latest
            .groupBy("name", "tile")
            .agg(max("step").as("step"), avg("value"), count(lit(1)))
            .orderBy("name", "step")
            .collectAsList();
    Map<String, Curve> curves = new TreeMap<>();
    for (Row point : points) {
      curves
          .computeIfAbsent(
              point.getString(0), name -> new Curve(new ArrayList<>(), new ArrayList<>(), 1))
          .add(point.getLong(2), point.getDouble(3));
      curves.computeIfPresent(point.getString(0), (name, curve) -> curve.thinned(point.getLong(4)));
    }
    return curves;
  }

  private void add(long step, double value) {
    steps.add(step);
    values.add(Double.isFinite(value) ? value : null);
  }

  private Curve thinned(long measurements) {
    return measurements > every ? new Curve(steps, values, measurements) : this;
  }
}
