package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * Responses that were found acceptable or not, one row a response. {@code probability} is P(the
 * verdict is right), at least 0.5; {@code weight} multiplies the row in every loss.
 */
public final class UnpairedTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "unpaired",
          1,
          new StructType()
              .add("unpaired_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt", Messages.TYPE, false)
              .add("response", StringType, false)
              .add("response_id", StringType, false)
              .add("acceptable", BooleanType, false)
              .add("probability", DoubleType, false)
              .add("weight", DoubleType, false)
              .add("judgments", IntegerType, false)
              .add("sources", createArrayType(StringType), false)
              .add("annotators", createArrayType(StringType), false)
              .add("split", StringType, false));

  private UnpairedTable() {}
}
