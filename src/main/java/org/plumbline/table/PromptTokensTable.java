package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Prompts as token ids, ready for generation. */
public final class PromptTokensTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "prompt_tokens",
          1,
          new StructType()
              .add("prompt_id", StringType, false)
              .add("prompt_ids", createArrayType(IntegerType, false), false)
              .add("split", StringType, false));

  private PromptTokensTable() {}
}
