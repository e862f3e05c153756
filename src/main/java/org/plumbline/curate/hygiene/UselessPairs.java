package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.plumbline.config.HygieneSettings;

/**
 * Pairs that teach nothing. A word is at least one token, so what is equal in its first {@code
 * words} words is equal when it is cut to as many tokens.
 *
 * @param actions what to do about each kind
 */
record UselessPairs(Map<String, String> actions, int words) {
  private static final String WHITE_SPACE = " \t\n\u000B\f\r";

  static UselessPairs of(HygieneSettings settings) {
    return new UselessPairs(
        new TreeMap<>(
            Map.of(
                "empty-responses", settings.emptyResponses(),
                "identical-responses", settings.identicalResponses(),
                "identical-beginnings", settings.identicalBeginnings())),
        settings.beginningWords());
  }

  Dataset<Row> find(Dataset<Row> pairs) {
    Dataset<Row> found =
        pairs
            .withColumn("what", what())
            .where("what is not null")
            .withColumn("detail", lit("a pair"));
    Column action = lit(null);
    for (var each : actions.entrySet()) {
      action = when(col("what").equalTo(each.getKey()), each.getValue()).otherwise(action);
    }
    return Check.findings(found, col("what"), action).where(col("action").notEqual(Check.OFF));
  }

  Dataset<Row> keep(Dataset<Row> pairs) {
    Object[] dropped =
        actions.entrySet().stream()
            .filter(each -> each.getValue().equals(Check.DROP))
            .map(Map.Entry::getKey)
            .toArray();
    return pairs
        .withColumn("what", what())
        .where(col("what").isNull().or(not(col("what").isin(dropped))))
        .drop("what");
  }

  private Column what() {
    int most = words;
    UDF2<String, String, String> what = (left, right) -> what(left, right, most).orElse(null);
    return udf(what, StringType).apply(col("chosen"), col("rejected"));
  }

  private static Optional<String> what(String left, String right, int words) {
    if (left.isBlank() || right.isBlank()) {
      return Optional.of("empty-responses");
    }
    if (left.strip().equals(right.strip())) {
      return Optional.of("identical-responses");
    }
    return begin(left, right, words) ? Optional.of("identical-beginnings") : Optional.empty();
  }

  /** Whether the first words are the same, whatever white space is between them. */
  private static boolean begin(String left, String right, int words) {
    StringTokenizer ofLeft = new StringTokenizer(left, WHITE_SPACE);
    StringTokenizer ofRight = new StringTokenizer(right, WHITE_SPACE);
    for (int word = 0; word < words; word++) {
      if (!ofLeft.hasMoreTokens() || !ofRight.hasMoreTokens()) {
        return ofLeft.hasMoreTokens() == ofRight.hasMoreTokens();
      }
      if (!ofLeft.nextToken().equals(ofRight.nextToken())) {
        return false;
      }
    }
    return true;
  }
}
