package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * Preference pairs that say how sure they are. {@code probability} is P(chosen is better), at least
 * 0.5; {@code weight} multiplies the pair in every loss; {@code method} is what gave the
 * probability: {@code majority}, {@code one-coin}, {@code dawid-skene}, {@code bradley-terry}, or
 * {@code gold} where the right answer was known.
 */
public final class PairsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "pairs",
          1,
          new StructType()
              .add("pair_id", StringType, false)
              .add("prompt_id", StringType, false)
              .add("prompt", Messages.TYPE, false)
              .add("chosen", StringType, false)
              .add("rejected", StringType, false)
              .add("chosen_id", StringType, false)
              .add("rejected_id", StringType, false)
              .add("probability", DoubleType, false)
              .add("weight", DoubleType, false)
              .add("margin", DoubleType, true)
              .add("judgments", IntegerType, false)
              .add("kinds", createArrayType(StringType), false)
              .add("sources", createArrayType(StringType), false)
              .add("annotators", createArrayType(StringType), false)
              .add("split", StringType, false)
              .add("method", StringType, false));

  private PairsTable() {}
}
