package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** What the judgments say of those who gave them. */
public final class AnnotatorsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "annotators",
          1,
          new StructType()
              .add("annotator", StringType, false)
              .add("judgments", LongType, false)
              .add("reliability", DoubleType, false)
              .add("agreement", DoubleType, true)
              .add("longer_preferred", DoubleType, true)
              .add("first_preferred", DoubleType, true)
              .add("mean_rating", DoubleType, true));

  private AnnotatorsTable() {}
}
