package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** What the judgments say of those who gave them. */
public final class AnnotatorsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "annotators",
          2,
          new StructType()
              .add("annotator", StringType, false)
              .add("annotator_group", StringType, true)
              .add("judgments", LongType, false)
              .add("reliability", DoubleType, false)
              .add("gold_judgments", LongType, false)
              .add("gold_accuracy", DoubleType, true)
              .add("agreement", DoubleType, true)
              .add("mean_seconds", DoubleType, true)
              .add("fast_share", DoubleType, true)
              .add("longest_streak", LongType, false)
              .add("drift", DoubleType, true)
              .add("longer_preferred", DoubleType, true)
              .add("first_preferred", DoubleType, true)
              .add("mean_rating", DoubleType, true)
              .add("flags", createArrayType(StringType, false), false));

  private AnnotatorsTable() {}
}
