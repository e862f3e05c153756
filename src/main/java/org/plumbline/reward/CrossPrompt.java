package org.plumbline.reward;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import java.io.Serializable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.plumbline.config.RewardSettings;
import org.plumbline.train.EpochOrder;

/**
 * Chosen responses of other prompts, to compare a pair's chosen response with (Liu et al. 2024,
 * "RRM", arXiv:2409.13156, whose non-contextual responses these are). A good answer to another
 * question is off the point here; without such comparisons a reward model can learn what good
 * replies look like and hardly read the prompt.
 *
 * <p>Pairs are put in an order drawn from the seed, and each takes the responses of those that come
 * next. So the choice depends on the seed and on the pairs alone, whatever the partitioning.
 *
 * @param perPair how many a pair gets on average, but for those that turn out to have the same
 *     prompt; may be a fraction; 0 for none
 * @param probability that the response beats one to another prompt
 * @param seed of the order
 */
record CrossPrompt(double perPair, double probability, long seed) implements Serializable {
  /** The column that it adds: an array of rows. */
  static final String OTHERS = "others";

  /** In each of these rows, the token ids of a response. */
  static final String IDS = "ids";

  /** An order of its own, unlike that of any epoch. */
  private static final int ORDER = -1;

  private static final DataType TOKENS = DataTypes.createArrayType(DataTypes.IntegerType, false);

  private static final DataType LIST =
      DataTypes.createArrayType(
          new StructType().add("after", DataTypes.LongType).add(IDS, TOKENS), false);

  private static final StructType PLACED =
      new StructType()
          .add("place", DataTypes.LongType, false)
          .add("pair_id", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.StringType, false)
          .add("chosen_ids", TOKENS, false);

  static CrossPrompt of(RewardSettings settings, long seed) {
    return new CrossPrompt(settings.crossPromptPairs(), settings.crossPromptProbability(), seed);
  }

  /**
   * Adds the column of others.
   *
   * @param pairs rows of the pair tokens table
   */
  Dataset<Row> addTo(Dataset<Row> pairs) {
    Column none = array().cast(LIST);
    if (perPair == 0) {
      return pairs.withColumn(OTHERS, none);
    }
    Dataset<Row> found = found(placed(pairs), pairs.count()).withColumnRenamed("pair_id", "asker");
    return pairs
        .join(found, col("pair_id").equalTo(col("asker")), "left")
        .withColumn(OTHERS, coalesce(col(OTHERS), none))
        .drop("asker");
  }

  private Dataset<Row> placed(Dataset<Row> pairs) {
    try (EpochOrder order = new EpochOrder(pairs, "pair_id", seed, ORDER)) {
      return pairs
          .sparkSession()
          .createDataFrame(
              order.slice(0, Long.MAX_VALUE).map(row -> placed(row._1, row._2)), PLACED);
    }
  }

  private static Row placed(long place, Row pair) {
    return RowFactory.create(
        place, pair.getAs("pair_id"), pair.getAs("prompt_id"), pair.getAs("chosen_ids"));
  }

  /** The others of each pair that has some, the nearest first. */
  private Dataset<Row> found(Dataset<Row> placed, long count) {
    Dataset<Row> answers =
        placed.select(
            col("place").as("asked"),
            col("prompt_id").as("other_prompt_id"),
            col("chosen_ids").as(IDS));
    return asked(placed, count)
        .join(answers, "asked")
        .where(col("prompt_id").notEqual(col("other_prompt_id")))
        .groupBy("pair_id")
        .agg(sort_array(collect_list(struct("after", IDS))).cast(LIST).as(OTHERS));
  }

  /** One row for each response that a pair asks for: {@code after} places behind its own. */
  private Dataset<Row> asked(Dataset<Row> placed, long count) {
    Column due = col("place").plus(1).multiply(perPair).cast("long");
    Column had = col("place").multiply(perPair).cast("long");
    return placed
        .withColumn("due", due.minus(had))
        .where(col("due").gt(0))
        .withColumn("after", explode(sequence(lit(1L), col("due"))))
        .withColumn("asked", col("place").plus(col("after")).mod(count))
        .drop("place", "due", "chosen_ids");
  }
}
