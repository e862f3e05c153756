package org.plumbline.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;

/**
 * Prompts to sample from. {@code attributes} is what the source says of a prompt beyond its text;
 * {@code split} is {@code train} or {@code heldout}.
 */
public final class PromptsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "prompts",
          1,
          new StructType()
              .add("prompt_id", StringType, false)
              .add("prompt", Messages.TYPE, false)
              .add("attributes", createMapType(StringType, StringType), false)
              .add("split", StringType, false));

  private PromptsTable() {}

  /** The text of the last message, which is what is asked. */
  public static Column question() {
    return element_at(col("prompt"), -1).getField("content");
  }
}
