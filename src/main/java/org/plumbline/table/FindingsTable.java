package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.StringType;

import org.apache.spark.sql.types.StructType;

/**
 * What is wrong with judgments, one row a finding, and what was done about it. {@code kind} is the
 * name of the check's setting below {@code curate.hygiene}. Details never quote a text.
 */
public final class FindingsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "findings",
          1,
          new StructType()
              .add("kind", StringType, false)
              .add("action", StringType, false)
              .add("prompt_id", StringType, false)
              .add("response_id", StringType, true)
              .add("pair_id", StringType, true)
              .add("judgment_id", StringType, true)
              .add("other_id", StringType, true)
              .add("detail", StringType, false));

  private FindingsTable() {}
}
