package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** What votes were for apart from quality: everybody's leanings and each annotator's. */
public final class BiasesTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "biases",
          1,
          new StructType()
              .add("bias", StringType, false)
              .add("measure", StringType, false)
              .add("annotator", StringType, true)
              .add("subject", StringType, true)
              .add("estimate", DoubleType, false)
              .add("low", DoubleType, false)
              .add("high", DoubleType, false)
              .add("neutral", DoubleType, false)
              .add("p_value", DoubleType, false)
              .add("n", LongType, false));

  private BiasesTable() {}
}
