package org.plumbline.prefer;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.plumbline.train.EpochOrder;

/**
 * Makes single responses ready to be learned from: adds what the reference makes of them, and to
 * each, where that is asked for, a response to another prompt.
 *
 * @param reference adds what the reference makes of single responses
 * @param mismatching whether each response is also given one to another prompt
 * @param seed of the order that this one is found by
 */
record JudgedResponses(ReferenceLogprobs reference, boolean mismatching, long seed) {
  private static final String KEY = SingleResponses.KEY;

  /** An order of its own, unlike that of any epoch. */
  private static final int ORDER = -2;

  private static final DataType TOKENS = DataTypes.createArrayType(DataTypes.IntegerType, false);

  private static final StructType PLACED =
      new StructType()
          .add("place", DataTypes.LongType, false)
          .add("other_prompt_id", DataTypes.StringType, false)
          .add("mismatched_ids", TOKENS, false);

  private static final StructType ASKING =
      new StructType()
          .add("asked", DataTypes.LongType, false)
          .add(KEY, DataTypes.StringType, false)
          .add("asking_prompt_id", DataTypes.StringType, false);

  /**
   * {@code responses}, rows of {@link SingleResponses}, as {@link JudgedResponse#of} reads them.
   */
  Dataset<Row> of(Dataset<Row> responses) {
    if (!mismatching) {
      return reference
          .addTo(responses)
          .withColumn("mismatched_ids", array().cast(TOKENS))
          .withColumn("mismatched_logprob", lit(0.0));
    }
    Dataset<Row> rows =
        responses
            .join(mismatched(responses), new String[] {KEY}, "left")
            .withColumn("mismatched_ids", coalesce(col("mismatched_ids"), array().cast(TOKENS)));
    Dataset<Row> others =
        rows.where(size(col("mismatched_ids")).gt(0))
            .select(col(KEY), col("prompt_ids"), col("mismatched_ids").as("response_ids"));
    reference.complete(
        rows.select("prompt_ids", "response_ids")
            .union(others.select("prompt_ids", "response_ids")));
    return reference
        .joined(rows)
        .join(
            reference.joined(others).select(col(KEY), col("logprob").as("mismatched_logprob")),
            new String[] {KEY},
            "left")
        .withColumn("mismatched_logprob", coalesce(col("mismatched_logprob"), lit(0.0)));
  }

  /**
   * Of each response the one that comes next in an order drawn from the seed; none if that has the
   * same prompt. So the choice depends on the seed and on the responses alone, whatever the
   * partitioning.
   */
  private Dataset<Row> mismatched(Dataset<Row> responses) {
    long count = Math.max(1, responses.count());
    SparkSession spark = responses.sparkSession();
    try (EpochOrder order = new EpochOrder(responses, KEY, seed, ORDER)) {
      JavaPairRDD<Long, Row> rows = order.slice(0, Long.MAX_VALUE);
      Dataset<Row> asking =
          spark.createDataFrame(rows.map(row -> asking(row._1, row._2, count)), ASKING);
      Dataset<Row> placed = spark.createDataFrame(rows.map(row -> placed(row._1, row._2)), PLACED);
      return asking
          .join(placed, col("asked").equalTo(col("place")))
          .where(col("other_prompt_id").notEqual(col("asking_prompt_id")))
          .select(KEY, "mismatched_ids");
    }
  }

  private static Row asking(long place, Row response, long count) {
    return RowFactory.create((place + 1) % count, response.getAs(KEY), response.getAs("prompt_id"));
  }

  private static Row placed(long place, Row response) {
    return RowFactory.create(place, response.getAs("prompt_id"), response.getAs("response_ids"));
  }
}
