package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * What a judge says of the completions that evaluation sampled, one row a completion.
 *
 * <p>{@code policy} is {@code start}, {@code ppo} or {@code dpo}; with {@code prompt_id} and {@code
 * sample} it names a row of that policy's rollouts. The other columns are a {@link
 * org.plumbline.judge.Verdict}.
 */
public final class VerdictsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "verdicts",
          1,
          new StructType()
              .add("policy", StringType, false)
              .add("prompt_id", StringType, false)
              .add("sample", IntegerType, false)
              .add("category", StringType, false)
              .add("quality", DoubleType, false)
              .add("harmful_compliance", BooleanType, false)
              .add("needless_refusal", BooleanType, false));

  private VerdictsTable() {}
}
