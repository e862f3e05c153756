package org.plumbline.prefer;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.plumbline.train.EpochOrder;

/**
 * Takes pairs apart into single responses: the chosen ones are desirable, the others are not.
 *
 * @param reference adds what the reference makes of pairs
 * @param mismatching whether each response is also given one to another prompt
 * @param seed of the order that this one is found by
 */
record JudgedResponses(ReferenceLogprobs reference, boolean mismatching, long seed) {
  /** What tells the rows apart that {@link #of} makes. */
  static final String KEY = "response_row";

  /** An order of its own, unlike that of any epoch. */
  private static final int ORDER = -2;

  private static final DataType TOKENS = DataTypes.createArrayType(DataTypes.IntegerType, false);

  private static final StructType PLACED =
      new StructType()
          .add("place", DataTypes.LongType, false)
          .add("prompt_id", DataTypes.StringType, false)
          .add("chosen_ids", TOKENS, false)
          .add("rejected_ids", TOKENS, false);

  private static final StructType ASKING =
      new StructType()
          .add("asked", DataTypes.LongType, false)
          .add("pair_id", DataTypes.StringType, false)
          .add("asking_prompt_id", DataTypes.StringType, false)
          .add("prompt_ids", TOKENS, false);

  /** Two rows for each of {@code pairs}, as {@link JudgedResponse#of} reads them. */
  Dataset<Row> of(Dataset<Row> pairs) {
    reference.complete(pairs);
    Dataset<Row> all = mismatching ? mismatched(pairs, others(pairs)) : reference.joined(pairs);
    Column p = col("probability");
    return all.select(
            explode(
                    array(
                        response("chosen", true, p, mismatching),
                        response("rejected", false, lit(1.0).minus(p), mismatching)))
                .as("row"))
        .select("row.*");
  }

  private static Column response(
      String side, boolean desirable, Column probability, boolean mismatching) {
    Column none = array().cast(TOKENS);
    String other = "other_" + side;
    return struct(
        concat(col("pair_id"), lit(desirable ? "+" : "-")).as(KEY),
        lit(desirable).as("desirable"),
        col("prompt_ids"),
        col(side + "_ids").as("response_ids"),
        (mismatching ? coalesce(col(other + "_ids"), none) : none).as("mismatched_ids"),
        probability.as("probability"),
        col("weight"),
        col(side + "_logprob").as("logprob"),
        (mismatching ? coalesce(col(other + "_logprob"), lit(0.0)) : lit(0.0))
            .as("mismatched_logprob"));
  }

  private Dataset<Row> mismatched(Dataset<Row> pairs, Dataset<Row> others) {
    reference.complete(others);
    return reference
        .joined(pairs)
        .join(
            reference
                .joined(others)
                .select(
                    col("pair_id"),
                    col("chosen_ids").as("other_chosen_ids"),
                    col("rejected_ids").as("other_rejected_ids"),
                    col("chosen_logprob").as("other_chosen_logprob"),
                    col("rejected_logprob").as("other_rejected_logprob")),
            new String[] {"pair_id"},
            "left");
  }

  /**
   * Each pair's prompt with the responses of the pair that comes next in an order drawn from the
   * seed; none if that has the same prompt. So the choice depends on the seed and on the pairs
   * alone, whatever the partitioning.
   */
  private Dataset<Row> others(Dataset<Row> pairs) {
    long count = Math.max(1, pairs.count());
    try (EpochOrder order = new EpochOrder(pairs, "pair_id", seed, ORDER)) {
      var rows = order.slice(0, Long.MAX_VALUE);
      Dataset<Row> asking =
          pairs
              .sparkSession()
              .createDataFrame(rows.map(row -> asking(row._1, row._2, count)), ASKING);
      Dataset<Row> placed =
          pairs.sparkSession().createDataFrame(rows.map(row -> placed(row._1, row._2)), PLACED);
      return asking
          .join(placed, col("asked").equalTo(col("place")))
          .where(col("prompt_id").notEqual(col("asking_prompt_id")))
          .withColumn("probability", lit(1.0)) // nobody asks, and pairs have them
          .withColumn("weight", lit(1.0));
    }
  }

  private static Row asking(long place, Row pair, long count) {
    return RowFactory.create(
        (place + 1) % count,
        pair.getAs("pair_id"),
        pair.getAs("prompt_id"),
        pair.getAs("prompt_ids"));
  }

  private static Row placed(long place, Row pair) {
    return RowFactory.create(
        place, pair.getAs("prompt_id"), pair.getAs("chosen_ids"), pair.getAs("rejected_ids"));
  }
}
