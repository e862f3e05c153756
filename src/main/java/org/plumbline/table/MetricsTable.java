package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

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
}
