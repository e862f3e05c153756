package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/** What a frozen policy makes of pairs: log-probabilities summed over response tokens, in nats. */
public final class ReferenceLogprobsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "reference_logprobs",
          2,
          new StructType()
              .add("row_id", StringType, false)
              .add("chosen_logprob", DoubleType, false)
              .add("rejected_logprob", DoubleType, false));

  private ReferenceLogprobsTable() {}
}
