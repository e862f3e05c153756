package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Preference pairs as token ids, truncated by rule. Responses carry their end token. */
public final class PairTokensTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "pair_tokens",
          1,
          new StructType()
              .add("pair_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt_ids", createArrayType(IntegerType, false), false)
              .add("chosen_ids", createArrayType(IntegerType, false), false)
              .add("rejected_ids", createArrayType(IntegerType, false), false)
              .add("probability", DoubleType, false)
              .add("weight", DoubleType, false)
              .add("split", StringType, false));

  private PairTokensTable() {}
}
