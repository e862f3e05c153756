package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Single responses that were found acceptable or not, as token ids; cut as pairs are. */
public final class UnpairedTokensTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "unpaired_tokens",
          1,
          new StructType()
              .add("unpaired_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt_ids", createArrayType(IntegerType, false), false)
              .add("response_ids", createArrayType(IntegerType, false), false)
              .add("acceptable", BooleanType, false)
              .add("probability", DoubleType, false)
              .add("weight", DoubleType, false)
              .add("split", StringType, false));

  private UnpairedTokensTable() {}
}
