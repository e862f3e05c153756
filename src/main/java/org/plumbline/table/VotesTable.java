package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * Votes on two responses to a prompt, one row a vote: what pairs are made of. Left is the response
 * whose id comes first.
 */
public final class VotesTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "votes",
          1,
          new StructType()
              .add("pair_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("left_id", StringType, false)
              .add("right_id", StringType, false)
              .add("judgments", createArrayType(StringType), false)
              .add("annotator", StringType, true)
              .add("annotator_group", StringType, true)
              .add("kind", StringType, false)
              .add("source", StringType, false)
              .add("preference", DoubleType, false)
              .add("margin", DoubleType, true)
              .add("left_first", BooleanType, true)
              .add("left_length", IntegerType, false)
              .add("right_length", IntegerType, false)
              .add("left_model", StringType, true)
              .add("right_model", StringType, true)
              .add("gold", BooleanType, false)
              .add("seconds", DoubleType, true)
              .add("time", TimestampType, true)
              .add("split", StringType, false));

  private VotesTable() {}
}
