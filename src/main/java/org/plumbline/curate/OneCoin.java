package org.plumbline.curate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How far each annotator can be believed: Dawid and Skene, "Maximum likelihood estimation of
 * observer error-rates using the EM algorithm" (Applied Statistics 28, 1979), simplified to one
 * number an annotator, the probability a_j of preferring the better side ("one coin"; Raykar et
 * al., "Learning from crowds", JMLR 11, 2010).
 *
 * <p>E-step: log-odds that left is better = sum over votes of preference * logit(a_j). M-step: a_j
 * = (k m + sum of weights of votes for the better side) / (k + sum of weights), the mean of a Beta
 * with prior mean m and strength k; a vote's side is the better one with the probability of the
 * E-step. Votes weigh |preference|, so that ties move nothing. Whoever is not named has a_j = m.
 */
record OneCoin(double priorMean, double priorStrength, Map<String, Double> accuracies)
    implements Serializable {
  /** Beliefs stay below certainty, so that no annotator outweighs all others together. */
  private static final double CERTAIN = 0.999;

  /** Sums are whole billionths: they come out the same in whatever order they are added. */
  private static final double UNIT = 1e9;

  private static final StructType SUMS =
      new StructType()
          .add("annotator", DataTypes.StringType)
          .add("right", DataTypes.LongType)
          .add("weight", DataTypes.LongType);

  /** Before anything is known. */
  static OneCoin prior(double mean, double strength) {
    return new OneCoin(mean, strength, Map.of());
  }

  double accuracy(Optional<String> annotator) {
    return annotator.map(name -> accuracies.getOrDefault(name, priorMean)).orElse(priorMean);
  }

  /** P(left is better), in [0, 1]. */
  double leftBetter(List<Vote> votes) {
    double logOdds = 0;
    for (Vote vote : votes) {
      double a = Math.min(CERTAIN, Math.max(1 - CERTAIN, accuracy(vote.annotator())));
      logOdds += vote.preference() * Math.log(a / (1 - a));
    }
    return 1 / (1 + Math.exp(-logOdds));
  }

  /** One round of expectation and maximisation over {@link Item}s. */
  OneCoin refit(Dataset<Row> items) {
    List<Row> sums =
        items
            .select("votes")
            .mapPartitions((MapPartitionsFunction<Row, Row>) this::sums, Encoders.row(SUMS))
            .groupBy("annotator")
            .sum("right", "weight")
            .collectAsList();
    Map<String, Double> refitted = new HashMap<>();
    for (Row row : sums) {
      double total = priorStrength + row.getLong(2) / UNIT;
      double right = priorStrength * priorMean + row.getLong(1) / UNIT;
      refitted.put(row.getString(0), total > 0 ? right / total : priorMean);
    }
    return new OneCoin(priorMean, priorStrength, refitted);
  }

  private Iterator<Row> sums(Iterator<Row> items) {
    Map<String, long[]> sums = new HashMap<>();
    while (items.hasNext()) {
      List<Vote> votes = Item.votes(items.next(), 0);
      double left = leftBetter(votes);
      for (Vote vote : votes) {
        if (vote.annotator().isPresent()) {
          double right = vote.direction() > 0 ? left : 1 - left;
          long[] own = sums.computeIfAbsent(vote.annotator().get(), name -> new long[2]);
          own[0] += Math.round(vote.weight() * right * UNIT);
          own[1] += Math.round(vote.weight() * UNIT);
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach((annotator, own) -> rows.add(RowFactory.create(annotator, own[0], own[1])));
    return rows.iterator();
  }

  /** The largest change of any annotator's accuracy since {@code before}. */
  double changeSince(OneCoin before) {
    return accuracies.keySet().stream()
        .mapToDouble(name -> accuracy(Optional.of(name)) - before.accuracy(Optional.of(name)))
        .map(Math::abs)
        .max()
        .orElse(0);
  }
}
