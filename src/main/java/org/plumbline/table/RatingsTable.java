package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * Responses that were rated, one row a response. {@code rating} is in standard deviations from what
 * is usually given; {@code weight} multiplies the row in every loss.
 */
public final class RatingsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "ratings",
          1,
          new StructType()
              .add("rating_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt", Messages.TYPE, false)
              .add("response", StringType, false)
              .add("response_id", StringType, false)
              .add("rating", DoubleType, false)
              .add("weight", DoubleType, false)
              .add("judgments", IntegerType, false)
              .add("sources", createArrayType(StringType), false)
              .add("annotators", createArrayType(StringType), false)
              .add("split", StringType, false));

  private RatingsTable() {}
}
