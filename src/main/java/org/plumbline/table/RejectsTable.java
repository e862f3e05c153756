package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Rows that could not be used, each with the reason; rows in = rows kept + rejects. */
public final class RejectsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "rejects",
          1,
          new StructType()
              .add("reason", StringType, false)
              .add("source", StringType, false)
              .add("file", StringType, false)
              .add("line", LongType, false)
              .add("raw", StringType, true));

  private RejectsTable() {}
}
