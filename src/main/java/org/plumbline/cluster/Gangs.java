package org.plumbline.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;
import scala.runtime.AbstractFunction1;

/** Runs tasks that work in step. */
public final class Gangs {
  private Gangs() {}

  /** Like {@link #run(JavaRDD, int, GangOptions, GangTask)} with {@link GangOptions#DEFAULT}. */
  public static <I, O> List<O> run(JavaRDD<I> rows, int ranks, GangTask<I, O> task) {
    return run(rows, ranks, GangOptions.DEFAULT, task);
  }

  /**
   * Runs {@code task} on each partition of {@code rows}, all at the same time, and gathers what
   * they return in order of rank.
   *
   * <p>With several ranks this is a Spark barrier stage, which needs a free slot for each and
   * static allocation. When a rank is lost Spark starts the whole stage again, with a higher {@link
   * Gang#attempt}. One rank is an ordinary stage and an ordinary task.
   *
   * @param rows one partition for each rank, partition i being rank i's. They come straight out of
   *     a shuffle ({@code repartition}, {@code partitionBy}), or Spark would compute all that was
   *     before it within the barrier stage, or refuse to.
   */
  public static <I, O> List<O> run(
      JavaRDD<I> rows, int ranks, GangOptions options, GangTask<I, O> task) {
    if (ranks < 1) {
      throw new IllegalArgumentException("Invalid ranks: " + ranks + " (must be at least 1)");
    }
    if (rows.getNumPartitions() != ranks) {
      throw new IllegalArgumentException(
          "Invalid partitions of the rows of a gang: "
              + rows.getNumPartitions()
              + " (must be "
              + ranks
              + ", one for each rank)");
    }
    return ranks == 1 ? alone(rows, task) : together(rows, ranks, options, task);
  }

  private static <I, O> List<O> alone(JavaRDD<I> rows, GangTask<I, O> task) {
    return rows.mapPartitions(part -> task.call(Gang.alone(), part)).collect();
  }

  private static <I, O> List<O> together(
      JavaRDD<I> rows, int ranks, GangOptions options, GangTask<I, O> task) {
    SparkConf conf = JavaSparkContext.fromSparkContext(rows.context()).getConf();
    requirePossible(conf, ranks);
    String host = conf.get("spark.driver.host");
    GangKey key = GangKey.draw(conf);
    try (Rendezvous rendezvous =
        new Rendezvous(key, ranks, options, host, Seat.driverBind(conf, host))) {
      JavaRDD<Tuple2<Integer, ArrayList<O>>> results =
          barrier(rows).mapPartitions(new TaskOfGang<>(rendezvous.ticket(), task));
      // The shuffle after it makes the barrier stage one that Spark starts again when a rank is
      // lost: it never retries a barrier stage whose results go straight to the driver.
      List<Tuple2<Integer, ArrayList<O>>> all = collect(results);
      all.sort(Comparator.comparing(Tuple2::_1));
      List<O> inOrder = new ArrayList<>();
      all.forEach(ofRank -> inOrder.addAll(ofRank._2()));
      return inOrder;
    }
  }

  /**
   * Tells early what {@link #run} would refuse.
   *
   * @throws IllegalArgumentException if Spark may take away executors of {@code ranks} ranks
   */
  public static void requirePossible(SparkConf conf, int ranks) {
    if (ranks > 1 && conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new IllegalArgumentException(
          "Cannot run %d ranks together under dynamic allocation (set".formatted(ranks)
              + " spark.dynamicAllocation.enabled=false, since Spark's barrier stages need"
              + " executors that stay, or cluster.mode=local-rounds)");
    }
  }

  private static <T> List<T> collect(JavaRDD<T> results) {
    try (RankFailures failures = new RankFailures(results.context(), results.id())) {
      try {
        return new ArrayList<>(results.repartition(1).collect());
      } catch (RuntimeException e) {
        throw failures.explain(e);
      } catch (Exception e) { // Spark's own exception, which its Java API does not declare
        throw failures.explain(new IllegalStateException("Spark gave up a gang", e));
      }
    }
  }

  /**
   * The same rows, in a stage whose tasks all start together; the Java API lacks a way to say it.
   */
  private static <I> JavaRDD<I> barrier(JavaRDD<I> rows) {
    return JavaRDD.fromRDD(
        rows.rdd().barrier().mapPartitions(new SameRows<>(), false, rows.classTag()),
        rows.classTag());
  }

  private static final class SameRows<I>
      extends AbstractFunction1<scala.collection.Iterator<I>, scala.collection.Iterator<I>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public scala.collection.Iterator<I> apply(scala.collection.Iterator<I> rows) {
      return rows;
    }
  }
}
