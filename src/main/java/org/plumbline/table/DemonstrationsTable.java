package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** Dialogues to imitate: a prompt and the response that follows. */
public final class DemonstrationsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "demonstrations",
          1,
          new StructType()
              .add("demonstration_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt", Messages.TYPE, false)
              .add("response", StringType, false)
              .add("source", StringType, false)
              .add("split", StringType, false)
              .add("file", StringType, false)
              .add("line", LongType, false));

  private DemonstrationsTable() {}
}
