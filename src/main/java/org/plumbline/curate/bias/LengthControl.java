package org.plumbline.curate.bias;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * How much of the posteriors' log-odds goes with length: c such that sum over pairs of t
 * (sigma(logit P - c t) - 1/2) = 0, t = tanh(difference of length / its standard deviation). Taking
 * c t off leaves nothing that goes with length, as the term of length is set to zero in
 * length-controlled AlpacaEval (Dubois, Galambosi, Liang, Hashimoto 2024, arXiv 2404.04475).
 */
final class LengthControl {
  /** Beyond these log-odds, a posterior is as good as certain. */
  private static final double CERTAIN = 14;

  private static final int ROUNDS = 30;
  private static final double SETTLED = 1e-6;

  private LengthControl() {}

  private record Pair(double longer, double logOdds) implements Serializable {}

  static double effect(Dataset<Row> votes, Dataset<Row> posteriors, double scale) {
    JavaRDD<Pair> pairs = pairs(votes, posteriors, scale).persist(StorageLevel.MEMORY_AND_DISK());
    double effect = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double at = effect;
      Map<Integer, double[]> sums =
          Sums.real(pairs, (Pair pair, Sums<Integer> all) -> all.add(0, terms(pair, at)));
      double[] sum = sums.getOrDefault(0, new double[2]);
      double step = sum[1] > 0 ? sum[0] / sum[1] : 0;
      effect += Math.max(-1, Math.min(1, step));
      if (Math.abs(step) < SETTLED) {
        break;
      }
    }
    pairs.unpersist();
    return effect;
  }

  private static double[] terms(Pair pair, double effect) {
    double p = 1 / (1 + Math.exp(effect * pair.longer - pair.logOdds));
    return new double[] {pair.longer * (p - 0.5), pair.longer * pair.longer * p * (1 - p)};
  }

  private static JavaRDD<Pair> pairs(Dataset<Row> votes, Dataset<Row> posteriors, double scale) {
    return votes
        .select("pair_id", "left_length", "right_length")
        .dropDuplicates("pair_id")
        .join(posteriors.select(col("pair_id"), col("left_better")), "pair_id")
        .javaRDD()
        .map(
            row -> {
              double p = row.getDouble(3);
              double logOdds = Math.max(-CERTAIN, Math.min(CERTAIN, Math.log(p / (1 - p))));
              return new Pair(Catalog.longer(row.getInt(1), row.getInt(2), scale), logOdds);
            });
  }
}
