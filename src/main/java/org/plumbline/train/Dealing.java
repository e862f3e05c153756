package org.plumbline.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.plumbline.config.ClusterSettings;
import scala.Tuple2;

/**
 * Deals the examples of each step to the ranks: all get as many, but for one that may be left over.
 * Ranks that wait for the slowest of them also get about as many tokens each. In local rounds they
 * get them in turn: each learns from what it has alone, so that long and short must be mixed.
 */
public final class Dealing implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int ranks;
  private final boolean inTurn;

  /** As {@code cluster} has it. */
  public Dealing(ClusterSettings cluster) {
    this(cluster.ranks(), cluster.localRounds());
  }

  Dealing(int ranks, boolean inTurn) {
    this.ranks = ranks;
    this.inTurn = inTurn;
  }

  /** Deals {@code rows}, of any partitioning, into one partition a rank. */
  public <E extends Example> JavaRDD<Placed<E>> toRanks(JavaRDD<Placed<E>> rows) {
    JavaPairRDD<Integer, Placed<E>> keyed = rows.mapToPair(row -> new Tuple2<>(row.step(), row));
    return gathered(keyed.groupByKey(ranks).flatMapToPair(step -> dealt(step._2).iterator()));
  }

  /** The same of rows that the driver has, which saves a shuffle. */
  public <E extends Example> JavaRDD<Placed<E>> toRanks(
      JavaSparkContext spark, List<Placed<E>> rows) {
    List<Tuple2<Integer, Placed<E>>> dealt = new ArrayList<>();
    rows.stream()
        .collect(Collectors.groupingBy(Placed::step, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(step -> dealt.addAll(dealt(step)));
    return gathered(spark.parallelizePairs(dealt, ranks));
  }

  private <E> JavaRDD<Placed<E>> gathered(JavaPairRDD<Integer, Placed<E>> dealt) {
    return dealt.partitionBy(new RankPartitioner(ranks)).values();
  }

  /**
   * The examples of one step, each after its rank. The longest come first, each to the rank that
   * has the fewest tokens by then of those that have room (longest processing time first: Graham
   * 1969, "Bounds on multiprocessing timing anomalies"), the first of several; of examples of one
   * length the one before the others in the epoch. So it depends on nothing else.
   */
  <E extends Example> List<Tuple2<Integer, Placed<E>>> dealt(Iterable<Placed<E>> step) {
    List<Tuple2<Integer, Placed<E>>> dealt = new ArrayList<>();
    if (inTurn) {
      List<Placed<E>> inOrder = new ArrayList<>();
      step.forEach(inOrder::add);
      inOrder.sort(Comparator.comparingLong(Placed::position));
      for (int i = 0; i < inOrder.size(); i++) {
        dealt.add(new Tuple2<>(i % ranks, inOrder.get(i)));
      }
      return dealt;
    }
    List<Placed<E>> longestFirst = new ArrayList<>();
    step.forEach(longestFirst::add);
    longestFirst.sort(
        Comparator.comparingInt((Placed<E> placed) -> -placed.example().length())
            .thenComparingLong(Placed::position));
    int[] room = new int[ranks];
    long[] tokens = new long[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      room[rank] = share(longestFirst.size(), rank, ranks);
    }
    for (Placed<E> placed : longestFirst) {
      int to = 0;
      for (int rank = 1; rank < ranks; rank++) {
        if (room[to] == 0 || room[rank] > 0 && tokens[rank] < tokens[to]) {
          to = rank;
        }
      }
      room[to]--;
      tokens[to] += placed.example().length();
      dealt.add(new Tuple2<>(to, placed));
    }
    return dealt;
  }

  /** How many of so many examples rank {@code rank} of {@code world} has. */
  static int share(long examples, int rank, int world) {
    return Math.toIntExact((examples - rank + world - 1) / world);
  }
}
