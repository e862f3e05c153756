package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plumbline.testing.LocalSpark;
import scala.Tuple2;

@Timeout(60)
class GangsTest {
  private final JavaSparkContext spark =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  /** What a rank saw. */
  record Seen(int rank, int world, int attempt, List<Integer> rows, float sum)
      implements Serializable {}

  /** Sums 3, then 2, then 1 over all ranks, each when it is asked for. */
  private static final class CountDown implements Iterator<Float> {
    private final Gang gang;
    private int left = 3;

    CountDown(Gang gang) {
      this.gang = gang;
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public Float next() {
      ByteBuffer sum = LocalRing.direct(left--);
      try {
        gang.allReduce(sum);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return gang.rank() * 100 + LocalRing.floats(sum)[0];
    }
  }

  /** Partition i holds the numbers whose remainder by {@code ranks} is i. */
  private JavaRDD<Integer> numbers(int count, int ranks) {
    List<Tuple2<Integer, Integer>> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pairs.add(new Tuple2<>(i, i));
    }
    JavaPairRDD<Integer, Integer> keyed = spark.parallelizePairs(pairs, 3);
    return keyed.partitionBy(new HashPartitioner(ranks)).values();
  }

  private static Iterator<Seen> sumRows(Gang gang, Iterator<Integer> rows) throws Exception {
    List<Integer> mine = new ArrayList<>();
    rows.forEachRemaining(mine::add);
    mine.sort(null);
    ByteBuffer sum = LocalRing.direct(mine.stream().mapToInt(i -> i).sum());
    gang.allReduce(sum);
    return List.of(
            new Seen(gang.rank(), gang.world(), gang.attempt(), mine, LocalRing.floats(sum)[0]))
        .iterator();
  }

  @Test
  void oneRankIsAnOrdinaryTask() {
    assertThat(Gangs.run(numbers(4, 1), 1, GangsTest::sumRows))
        .containsExactly(new Seen(0, 1, 0, List.of(0, 1, 2, 3), 6));
  }

  @Test
  void ranksSumTogetherAndResultsComeInTheirOrder() {
    assertThat(Gangs.run(numbers(6, 2), 2, GangsTest::sumRows))
        .containsExactly(
            new Seen(0, 2, 0, List.of(0, 2, 4), 15), new Seen(1, 2, 0, List.of(1, 3, 5), 15));
  }

  @Test
  void aRankWithoutRowsStillTakesPart() {
    assertThat(Gangs.run(numbers(1, 2), 2, GangsTest::sumRows))
        .containsExactly(new Seen(0, 2, 0, List.of(0), 0), new Seen(1, 2, 0, List.of(), 0));
  }

  @Test
  void aRankMayReturnSeveralResultsLazily() {
    List<Float> results = Gangs.run(numbers(6, 2), 2, (gang, rows) -> new CountDown(gang));
    assertThat(results).containsExactly(6f, 4f, 2f, 106f, 104f, 102f);
  }

  @Test
  void theWholeGangStartsAgainWhenARankFails() {
    List<Seen> seen =
        Gangs.run(
            numbers(6, 2),
            2,
            (gang, rows) -> {
              if (gang.attempt() == 0 && gang.rank() == 1) {
                throw new IllegalStateException("only at first");
              }
              return sumRows(gang, rows);
            });
    assertThat(seen)
        .containsExactly(
            new Seen(0, 2, 1, List.of(0, 2, 4), 15), new Seen(1, 2, 1, List.of(1, 3, 5), 15));
  }

  @Test
  void givesUpWithTheReasonInTheEnd() {
    GangTask<Integer, Integer> failing =
        (gang, rows) -> {
          if (gang.rank() == 0) {
            throw new IllegalStateException("Cannot read batch 7: no such file");
          }
          gang.allReduce(LocalRing.direct(1));
          return rows;
        };
    assertThatThrownBy(() -> Gangs.run(numbers(6, 2), 2, failing))
        .hasMessageContaining("Cannot read batch 7: no such file")
        .hasRootCauseMessage("Cannot read batch 7: no such file");
  }

  @Test
  void refusesAnotherNumberOfPartitions() {
    assertThatThrownBy(() -> Gangs.run(numbers(6, 3), 2, GangsTest::sumRows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid partitions of the rows of a gang: 3 (must be 2, one for each rank)");
    assertThatThrownBy(() -> Gangs.run(numbers(6, 3), 0, GangsTest::sumRows))
        .hasMessage("Invalid ranks: 0 (must be at least 1)");
  }

  @Test
  void startsInAMoment() {
    double fastest = Double.MAX_VALUE; // of four, since other work may slow any one of them
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      Gangs.run(numbers(6, 2), 2, GangsTest::sumRows);
      fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
    }
    assertThat(fastest).as("seconds; Spark's own barrier() alone takes 1").isLessThan(0.9);
  }

  @Test
  void refusesDynamicAllocation() {
    String key = "spark.dynamicAllocation.enabled";
    SparkConf conf = LocalSpark.session().sparkContext().conf();
    conf.set(key, "true");
    try {
      assertThatThrownBy(() -> Gangs.run(numbers(2, 2), 2, (gang, rows) -> rows))
          .hasMessageContaining("Cannot run 2 ranks together under dynamic allocation")
          .hasMessageContaining("cluster.mode=local-rounds");
    } finally {
      conf.remove(key);
    }
  }
}
