package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** A reward model on held-out pairs. */
public final class ScoresTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "scores",
          1,
          new StructType()
              .add("pair_id", StringType, false)
              .add("chosen_score", DoubleType, false)
              .add("rejected_score", DoubleType, false));

  private ScoresTable() {}
}
