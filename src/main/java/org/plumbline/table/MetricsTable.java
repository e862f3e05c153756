package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Numbers that change over a run, one row a number. */
public final class MetricsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "metrics",
          1,
          new StructType()
              .add("stage", StringType, false)
              .add("step", LongType, false)
              .add("name", StringType, false)
              .add("value", DoubleType, false)
              .add("time", DoubleType, false));

  private MetricsTable() {}

  /** Values by name, by step; all of {@code metrics}, rows of one stage, come to the driver. */
  public static TreeMap<Long, Map<String, Double>> bySteps(Dataset<Row> metrics) {
    TreeMap<Long, Map<String, Double>> steps = new TreeMap<>();
    for (Row row : metrics.collectAsList()) {
      steps
          .computeIfAbsent(row.getAs("step"), step -> new TreeMap<>())
          .put(row.getAs("name"), row.getAs("value"));
    }
    return steps;
  }
}
