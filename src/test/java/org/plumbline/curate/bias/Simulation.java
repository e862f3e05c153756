package org.plumbline.curate.bias;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.plumbline.testing.LocalSpark;

/**
 * Votes with planted leanings: a prompt has two pairs, three of twelve annotators vote on each. The
 * longer response is truly better more often than not, and so is that of model "m0".
 *
 * @param first of each annotator, nats of being shown first
 * @param longer of each annotator, nats of a difference of length of 1
 * @param model of each annotator, nats of model m0
 * @param taste how far a group's view of quality is from the other's, in deviations
 */
record Simulation(double[] first, double[] longer, double[] model, double taste) {
  static final int ANNOTATORS = 12;
  private static final int PAIRS = 2;
  private static final int VOTES = 3;
  private static final double LONGER_IS_BETTER = 0.4;
  private static final double MODEL_IS_BETTER = 0.3;

  static final Catalog CATALOG = catalog();

  private static Catalog catalog() {
    List<String> annotators = new ArrayList<>(List.of(""));
    for (int k = 1; k <= ANNOTATORS; k++) {
      annotators.add("ann-%02d".formatted(k));
    }
    return new Catalog(annotators, List.of("a", "b"), List.of("m0"), 1);
  }

  static Simulation none() {
    return new Simulation(
        new double[ANNOTATORS], new double[ANNOTATORS], new double[ANNOTATORS], 0);
  }

  JavaRDD<Ballots> votes(int prompts, long seed) {
    Random random = new Random(seed);
    List<Ballots> all = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      all.add(prompt(random));
    }
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .parallelize(all, 1)
        .cache();
  }

  private Ballots prompt(Random random) {
    int n = PAIRS * VOTES;
    Ballots ballots =
        new Ballots(
            new int[n],
            new int[n],
            new int[n],
            new boolean[n],
            new byte[n],
            new float[n],
            new int[n],
            new int[n]);
    for (int pair = 0; pair < PAIRS; pair++) {
      float longer = (float) Math.tanh(random.nextGaussian());
      int side = random.nextInt(3) - 1;
      double theta = LONGER_IS_BETTER * longer + MODEL_IS_BETTER * side + random.nextGaussian();
      double[] tastes = {taste * random.nextGaussian(), taste * random.nextGaussian()};
      int start = random.nextInt(ANNOTATORS);
      int stride = 1 + random.nextInt(3);
      for (int v = 0; v < VOTES; v++) {
        int vote = pair * VOTES + v;
        int k = (start + v * stride) % ANNOTATORS;
        ballots.pair()[vote] = pair;
        ballots.annotator()[vote] = k + 1;
        ballots.group()[vote] = k % 2;
        ballots.first()[vote] = (byte) (random.nextBoolean() ? 1 : -1);
        ballots.longer()[vote] = longer;
        ballots.leftModel()[vote] = side > 0 ? 0 : -1;
        ballots.rightModel()[vote] = side < 0 ? 0 : -1;
        double logOdds =
            follows(k) * (theta + tastes[k % 2])
                + first[k] * ballots.first()[vote]
                + longer()[k] * longer
                + model[k] * side;
        ballots.left()[vote] = random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
      }
    }
    return ballots;
  }

  /** From 1 to 3: some annotators read more closely. */
  private static double follows(int k) {
    return 1 + 2.0 * k / (ANNOTATORS - 1);
  }
}
