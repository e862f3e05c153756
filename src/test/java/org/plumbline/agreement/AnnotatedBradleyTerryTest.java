package org.plumbline.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;

/** Judgments made from known abilities by workers of known reliability, 40 % of them unreliable. */
class AnnotatedBradleyTerryTest {
  private static final int WORKERS = 20;
  private static final int PLAYERS = 4;
  private static final FitSettings SETTINGS =
      new FitSettings(new AnnotatorPrior(0.85, 10), ClassPrior.UNIFORM, 30, 1e-4);

  private final Random random = new Random(7);
  private final double[] etas =
      IntStream.range(0, WORKERS).mapToDouble(w -> w % 5 < 2 ? 0.5 : 0.95).toArray();
  private final List<double[]> abilities = new ArrayList<>();
  private final List<Contest> contests = contests();

  private List<Contest> contests() {
    List<Contest> made = new ArrayList<>();
    for (int c = 0; c < 300; c++) {
      double[] own =
          IntStream.range(0, PLAYERS).mapToDouble(p -> 2 * random.nextGaussian()).toArray();
      abilities.add(own);
      List<Contest.Match> matches = new ArrayList<>();
      for (int i = 0; i < PLAYERS; i++) {
        for (int j = i + 1; j < PLAYERS; j++) {
          for (int vote = 0; vote < 3; vote++) {
            int worker = 1 + random.nextInt(WORKERS);
            boolean left = random.nextDouble() < 1 / (1 + Math.exp(own[j] - own[i]));
            boolean meant = random.nextDouble() < etas[worker - 1];
            matches.add(new Contest.Match(i, j, worker, left == meant ? 1 : -1));
          }
        }
      }
      made.add(Contest.of(PLAYERS, matches));
    }
    return made;
  }

  private AnnotatedBradleyTerry fitted(int partitions) {
    JavaRDD<Contest> rdd =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(contests, partitions)
            .cache();
    return AnnotatedBradleyTerry.fit(rdd, WORKERS + 1, SETTINGS, Fit.Listener.SILENT).model();
  }

  @Test
  void findsWhoIsReliableAndIsSurerWhereItIsRight() {
    AnnotatedBradleyTerry model = fitted(3);
    double[] found = IntStream.rangeClosed(1, WORKERS).mapToDouble(model::reliability).toArray();
    assertThat(new PearsonsCorrelation().correlation(found, etas)).isGreaterThan(0.9);
    double[] ofModel = new double[2];
    double[] ofVotes = new double[2];
    for (int c = 0; c < contests.size(); c++) {
      double[] fit = model.abilities(contests.get(c));
      for (int i = 0; i < PLAYERS; i++) {
        for (int j = i + 1; j < PLAYERS; j++) {
          double better = abilities.get(c)[i] > abilities.get(c)[j] ? 1 : 0;
          add(ofModel, AnnotatedBradleyTerry.better(fit[i], fit[j]), better);
          add(ofVotes, share(contests.get(c), i, j), better);
        }
      }
    }
    System.out.printf("Brier: abilities %.4f, votes %.4f%n", brier(ofModel), brier(ofVotes));
    assertThat(brier(ofModel)).isLessThan(brier(ofVotes) - 0.02);
  }

  @Test
  void isTheSameHoweverItIsPartitioned() {
    AnnotatedBradleyTerry one = fitted(1);
    AnnotatedBradleyTerry many = fitted(7);
    for (int w = 0; w <= WORKERS; w++) {
      assertThat(one.reliability(w)).isEqualTo(many.reliability(w));
    }
  }

  /** Whoever wins everything has a bound, and a tie moves nothing. */
  @Test
  void aSinglePairOfResponses() {
    AnnotatedBradleyTerry model = AnnotatedBradleyTerry.prior(SETTINGS, 2);
    double[] won = model.abilities(Contest.of(2, List.of(new Contest.Match(0, 1, 1, 1))));
    assertThat(won[0]).isBetween(0.2, 2.0).isEqualTo(-won[1]);
    assertThat(model.abilities(Contest.of(2, List.of(new Contest.Match(0, 1, 1, 0)))))
        .containsExactly(0, 0);
  }

  private static double share(Contest contest, int left, int right) {
    return IntStream.range(0, contest.left().length)
        .filter(m -> contest.left()[m] == left && contest.right()[m] == right)
        .mapToDouble(m -> contest.preferences()[m] > 0 ? 1 : 0)
        .average()
        .orElse(0.5);
  }

  private static void add(double[] sums, double probability, double outcome) {
    sums[0] += (probability - outcome) * (probability - outcome);
    sums[1]++;
  }

  private static double brier(double[] sums) {
    return Arrays.stream(sums).limit(1).sum() / sums[1];
  }
}
