package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Responses that were rated, as token ids; cut as pairs are. */
public final class RatingTokensTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "rating_tokens",
          1,
          new StructType()
              .add("rating_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt_ids", createArrayType(IntegerType, false), false)
              .add("response_ids", createArrayType(IntegerType, false), false)
              .add("rating", DoubleType, false)
              .add("weight", DoubleType, false)
              .add("split", StringType, false));

  private RatingTokensTable() {}
}
