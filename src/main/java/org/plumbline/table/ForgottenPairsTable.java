package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.apache.spark.sql.types.StructType;

/** The pairs that one annotator's votes are on, and what becomes of them without these votes. */
public final class ForgottenPairsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "forgotten_pairs",
          1,
          new StructType()
              .add("pair_id", StringType, false)
              .add("annotator", StringType, false)
              .add("was", DoubleType, true)
              .add("becomes", DoubleType, true));

  private ForgottenPairsTable() {}
}
