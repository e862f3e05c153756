package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * What judgments say of two responses: one row a vote, which is the lineage of every pair. Left is
 * the response whose id comes first, whoever is better. {@code preference} is from -1 (surely
 * right) over 0 (equal) to 1 (surely left).
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
