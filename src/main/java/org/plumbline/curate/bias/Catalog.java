package org.plumbline.curate.bias;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Numbers for names, so that what is fitted holds no text. Whoever is not named has the number 0 of
 * annotators, no group and no model have -1.
 *
 * @param annotators every name, in order; the first is empty
 * @param groups every name, in order
 * @param models those looked at, most judged first
 * @param lengthScale standard deviation of differences of length over pairs, in characters
 */
record Catalog(
    List<String> annotators, List<String> groups, List<String> models, double lengthScale)
    implements Serializable {

  /** Of the votes that prefer a side. */
  static Catalog of(Dataset<Row> votes, int models) {
    List<String> annotators = names(votes, "annotator");
    annotators.add(0, "");
    return new Catalog(
        annotators, names(votes, "annotator_group"), models(votes, models), lengthScale(votes));
  }

  private static List<String> names(Dataset<Row> votes, String column) {
    return new ArrayList<>(
        votes
            .where(col(column).isNotNull())
            .select(column)
            .distinct()
            .orderBy(column)
            .as(Encoders.STRING())
            .collectAsList());
  }

  private static List<String> models(Dataset<Row> votes, int most) {
    Column differ = col("left_model").notEqual(col("right_model"));
    Dataset<Row> compared = votes.where(differ);
    return compared
        .select(col("left_model").as("model"))
        .union(compared.select(col("right_model")))
        .groupBy("model")
        .count()
        .orderBy(col("count").desc(), col("model"))
        .limit(most)
        .select("model")
        .as(Encoders.STRING())
        .collectAsList();
  }

  /** Around zero, since which response is left has nothing to do with length. */
  private static double lengthScale(Dataset<Row> votes) {
    Row sums =
        votes
            .dropDuplicates("pair_id")
            .selectExpr("cast(left_length - right_length as decimal(19,0)) as d")
            .selectExpr("cast(sum(d * d) as double)", "count(*)")
            .head();
    double squares = sums.isNullAt(0) ? 0 : sums.getDouble(0);
    return squares == 0 ? 1 : Math.sqrt(squares / sums.getLong(1));
  }

  /** What {@code left} longer than {@code right} amounts to: tanh(difference / scale). */
  double longer(int left, int right) {
    return longer(left, right, lengthScale);
  }

  static double longer(int left, int right, double scale) {
    return Math.tanh((left - (double) right) / scale);
  }

  static Map<String, Integer> numbers(List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    for (String name : names) {
      numbers.put(name, numbers.size());
    }
    return numbers;
  }
}
