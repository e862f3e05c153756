package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Demonstrations as token ids. Responses carry their end token. */
public final class DemonstrationTokensTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "demonstration_tokens",
          1,
          new StructType()
              .add("demonstration_id", StringType, false)
              .add("prompt_ids", createArrayType(IntegerType, false), false)
              .add("response_ids", createArrayType(IntegerType, false), false)
              .add("split", StringType, false));

  private DemonstrationTokensTable() {}
}
