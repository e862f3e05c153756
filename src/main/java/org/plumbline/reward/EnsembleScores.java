package org.plumbline.reward;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.stddev_pop;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.plumbline.config.RewardSettings;
import org.plumbline.model.Head;
import org.plumbline.stage.StageContext;
import org.plumbline.table.ScoresTable;
import org.plumbline.table.Table;
import org.plumbline.train.PairScorer;
import org.plumbline.train.RowScorer;
import org.plumbline.train.TokenResponse;

/**
 * What a reward model says of responses, or what several say together (Coste et al. 2023,
 * arXiv:2310.02743): the mean, the worst case (eq. 4), or the mean less what their disagreement
 * costs (eq. 5, with the standard deviation for the variance).
 *
 * @param members folders of the models
 */
record EnsembleScores(StageContext context, List<String> members) {
  private static final Table OF_ONE =
      new Table(
          ScoresTable.TABLE.name(),
          ScoresTable.TABLE.version(),
          new StructType()
              .add("pair_id", DataTypes.StringType, false)
              .add("chosen_score", DataTypes.DoubleType, false)
              .add("rejected_score", DataTypes.DoubleType, false));

  private static final Table OF_RATINGS =
      new Table(
          "rating_scores",
          1,
          new StructType()
              .add("rating_id", DataTypes.StringType, false)
              .add("score", DataTypes.DoubleType, false));

  /**
   * Writes scores of {@code pairs} as the reward stage's {@code table}; of an ensemble also what
   * each member says, as its own.
   */
  Dataset<Row> write(Dataset<Row> pairs, String table) {
    context.spark().sparkContext().setJobDescription("reward: " + table.replace('_', ' '));
    if (members.size() == 1) {
      return written(of(members.get(0), pairs), "reward/" + table);
    }
    Dataset<Row> all =
        IntStream.range(0, members.size())
            .mapToObj(
                i -> written(of(members.get(i), pairs), "reward-%d/%s".formatted(i + 1, table)))
            .reduce(Dataset::unionByName)
            .orElseThrow();
    Dataset<Row> together =
        all.groupBy("pair_id")
            .agg(
                combined("chosen_score").as("chosen_score"),
                combined("rejected_score").as("rejected_score"),
                stddev_pop("chosen_score").as("chosen_std"),
                stddev_pop("rejected_score").as("rejected_std"));
    return written(together, "reward/" + table);
  }

  /** Adds what they say of {@code ratings}, rows of the rating tokens table, as a column score. */
  Dataset<Row> ofRatings(Dataset<Row> ratings) {
    context.spark().sparkContext().setJobDescription("reward: scores of rated responses");
    RowScorer.Figures<TokenResponse> score =
        (loaded, responses, step) ->
            List.of(loaded.decoder().scores(loaded.flat(), TokenResponse.batch(responses, step)));
    int batch = context.settings().reward().microBatchSize();
    return members.stream()
        .map(
            member ->
                new RowScorer<>(member, Head.SCORE, TokenResponse::of, score, batch)
                    .scores(context, ratings, OF_RATINGS))
        .reduce(Dataset::unionByName)
        .orElseThrow()
        .groupBy("rating_id")
        .agg(combined("score").as("score"))
        .join(ratings, "rating_id");
  }

  private Column combined(String score) {
    RewardSettings settings = context.settings().reward();
    return switch (settings.combine()) {
      case "worst" -> min(score);
      case "uncertainty" ->
          avg(score).minus(stddev_pop(score).multiply(settings.uncertaintyCoef()));
      default -> avg(score);
    };
  }

  private Dataset<Row> of(String model, Dataset<Row> pairs) {
    PairScorer.Figure score =
        (loaded, batch) -> loaded.decoder().scores(loaded.flat(), batch.tokens());
    return new PairScorer(model, Head.SCORE, score, context.settings().reward().microBatchSize())
        .scores(context, pairs, OF_ONE)
        .withColumn("chosen_std", lit(0.0))
        .withColumn("rejected_std", lit(0.0));
  }

  private Dataset<Row> written(Dataset<Row> scores, String path) {
    ScoresTable.TABLE.write(scores, context.run().at(path));
    return ScoresTable.TABLE.read(context.spark(), context.run().at(path));
  }
}
