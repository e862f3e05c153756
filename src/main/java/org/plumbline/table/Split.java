package org.plumbline.table;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Which side of the line between training and evaluation a prompt lies on. */
public final class Split {
  /** Rows that may be learned from. */
  public static final String TRAIN = "train";

  /** Rows that are only measured on. */
  public static final String HELD_OUT = "heldout";

  private Split() {}

  /** The rows of {@code rows}, which have a column {@code split}, that lie on {@code side}. */
  public static Dataset<Row> rows(Dataset<Row> rows, String side) {
    return rows.where(functions.col("split").equalTo(side));
  }

  /**
   * The side of a prompt, by its hash alone: it stays where it is when data grows.
   *
   * @param promptId as {@link PromptId} makes it
   * @param heldOutShare in [0, 1]
   */
  public static String of(String promptId, double heldOutShare) {
    long top = Long.parseUnsignedLong(promptId.substring(0, 8), 16);
    return top < heldOutShare * (1L << 32) ? HELD_OUT : TRAIN;
  }
}
