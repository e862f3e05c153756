package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** A reward model, or an ensemble of them, on held-out pairs. */
public final class ScoresTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "scores",
          2,
          new StructType()
              .add("pair_id", StringType, false)
              .add("chosen_score", DoubleType, false)
              .add("rejected_score", DoubleType, false)
              .add("chosen_std", DoubleType, false)
              .add("rejected_std", DoubleType, false));

  private ScoresTable() {}
}
