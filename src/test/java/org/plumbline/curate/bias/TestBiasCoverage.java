package org.plumbline.curate.bias;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Intervals hold what they promise, over simulated votes of many seeds. */
@Tag("slow")
class TestBiasCoverage {
  private static final int SEEDS = 24;
  private static final int PROMPTS = 400;
  private static final int ROUNDS = 40;
  private static final int MIN_VOTES = 20;

  /** Trials and hits, by bias and whether it is an annotator's. */
  private static final class Tally {
    private final Map<String, int[]> counts = new TreeMap<>();

    void add(String what, boolean hit) {
      int[] count = counts.computeIfAbsent(what, each -> new int[2]);
      count[0]++;
      count[1] += hit ? 1 : 0;
    }

    double rate(String what) {
      return (double) counts.get(what)[1] / counts.get(what)[0];
    }

    @Override
    public String toString() {
      List<String> rates = new ArrayList<>();
      counts.forEach((what, n) -> rates.add("%s %d/%d".formatted(what, n[1], n[0])));
      return String.join(", ", rates);
    }
  }

  private static List<BiasEstimate> measure(Simulation simulation, long seed) {
    JavaRDD<Ballots> votes = simulation.votes(PROMPTS, seed);
    Shares shares = Shares.measure(votes, Simulation.CATALOG);
    QualityFit fit = QualityFit.of(votes, Simulation.CATALOG, ROUNDS, MIN_VOTES);
    Leanings leanings = new Leanings(Simulation.CATALOG, fit, MIN_VOTES);
    List<BiasEstimate> all = new ArrayList<>(leanings.overall(votes, shares));
    all.addAll(leanings.byAnnotator(shares));
    all.addAll(GroupLoyalty.measure(votes, fit.quality(), Simulation.CATALOG, MIN_VOTES));
    all.addAll(shares.overall());
    votes.unpersist();
    return all;
  }

  @Test
  void intervalsCoverWhatWasPlanted() {
    Simulation planted = Simulation.none();
    Arrays.fill(planted.first(), 0.5);
    planted.longer()[2] = 1.5;
    planted.longer()[8] = 1;
    planted.model()[5] = 1;
    Tally tally = new Tally();
    for (int seed = 0; seed < SEEDS; seed++) {
      for (BiasEstimate each : measure(planted, seed)) {
        if (each.measure().equals("log-odds") && each.annotator() != null) {
          int k = Integer.parseInt(each.annotator().substring(4)) - 1;
          double truth =
              switch (each.bias()) {
                case "position" -> planted.first()[k];
                case "length" -> planted.longer()[k];
                case "model" -> planted.model()[k];
                default -> 0;
              };
          tally.add(each.bias(), each.low() <= truth && truth <= each.high());
          if (truth >= 1) {
            tally.add("found " + each.bias(), each.pValue() < 0.05);
          }
        } else if (each.bias().equals("position") && each.measure().equals("log-odds")) {
          tally.add("everybody's position", each.low() <= 0.5 && 0.5 <= each.high());
        }
      }
    }
    System.out.println("covered: " + tally);
    assertThat(tally.rate("everybody's position")).isGreaterThan(0.8);
    for (String bias : List.of("position", "length", "model")) {
      assertThat(tally.rate(bias)).as(bias).isBetween(0.9, 0.995);
    }
    assertThat(tally.rate("found length")).isGreaterThan(0.5);
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    Tally tally = new Tally();
    for (int seed = 100; seed < 100 + SEEDS; seed++) {
      for (BiasEstimate each : measure(Simulation.none(), seed)) {
        boolean nobodys = each.annotator() == null;
        // What all like together is no bias that votes alone could show.
        if (!nobodys || each.bias().equals("position") || each.bias().equals("group")) {
          tally.add(
              each.bias() + (nobodys ? " overall " + each.measure() : ""), each.pValue() < 0.05);
        }
      }
    }
    System.out.println("found in nothing: " + tally);
    for (String bias : List.of("position", "length", "model", "group")) {
      assertThat(tally.rate(bias)).as(bias).isLessThan(0.08);
    }
    for (String one : List.of("position overall log-odds", "position overall share")) {
      assertThat(tally.rate(one)).as(one).isLessThan(0.2);
    }
    assertThat(tally.rate("group overall log-odds")).isLessThan(0.2);
  }

  @Test
  void groupsThatSeeQualityInTheirOwnWayAreFound() {
    Simulation none = Simulation.none();
    Simulation divided = new Simulation(none.first(), none.longer(), none.model(), 1);
    BiasEstimate overall =
        measure(divided, 7).stream()
            .filter(each -> each.bias().equals("group") && each.annotator() == null)
            .findFirst()
            .orElseThrow();
    assertThat(overall.low()).isPositive();
  }
}
