package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * What a frozen policy makes of single responses: log-probabilities summed over their tokens, in
 * nats.
 */
public final class ResponseLogprobsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "response_logprobs",
          1,
          new StructType().add("row_id", StringType, false).add("logprob", DoubleType, false));

  private ResponseLogprobsTable() {}
}
