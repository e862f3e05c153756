package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.plumbline.testing.LocalCluster;

/** Ranks in executor JVMs of their own. */
@Timeout(180)
class GangsClusterIT {
  private static final int FLOATS = 3_000_001;
  private static SparkSession spark;

  /** What a rank saw, and in which process. */
  record Seen(int rank, int attempt, long pid, float first, float last) implements Serializable {}

  @BeforeAll
  static void start() {
    spark = LocalCluster.session();
  }

  @AfterAll
  static void stop() {
    spark.stop();
    // Spark's own barrier() leaves a thread that keeps the driver from ending; ours must not.
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !thread.isDaemon())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("BarrierCoordinator") || name.startsWith("gang-"));
  }

  private static JavaRDD<Integer> twoRanks() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(1, 2), 1)
        .repartition(2);
  }

  /** Five sums; {@code rank} dies before the third in attempt 0. */
  private static GangTask<Integer, Seen> sumFiveTimes(int dying) {
    return (gang, rows) -> {
      ByteBuffer buffer = null;
      for (int i = 0; i < 5; i++) {
        if (i == 2 && gang.attempt() == 0 && gang.rank() == dying) {
          Runtime.getRuntime().halt(137);
        }
        buffer = ramp(gang.rank());
        gang.allReduce(buffer);
      }
      float[] sums = LocalRing.floats(buffer);
      long pid = ProcessHandle.current().pid();
      return one(new Seen(gang.rank(), gang.attempt(), pid, sums[0], sums[FLOATS - 1]));
    };
  }

  private static ByteBuffer ramp(int rank) {
    float[] values = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      values[i] = i + rank;
    }
    return LocalRing.direct(values);
  }

  private static <T> Iterator<T> one(T value) {
    return List.of(value).iterator();
  }

  @Test
  void ranksSumAcrossProcessesAndSurviveTheLossOfOne() {
    List<Seen> calm = Gangs.run(twoRanks(), 2, sumFiveTimes(-1));
    assertSummed(calm, 0);

    long start = System.nanoTime();
    List<Seen> retried = Gangs.run(twoRanks(), 2, sumFiveTimes(1));
    System.out.printf(
        "an executor died and the gang was done again after %d ms%n",
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    assertSummed(retried, 1);
    assertThat(retried.stream().map(Seen::pid).toList())
        .isNotEqualTo(calm.stream().map(Seen::pid).toList());
  }

  private static void assertSummed(List<Seen> seen, int attempt) {
    assertThat(seen).extracting(Seen::rank).containsExactly(0, 1);
    assertThat(seen).extracting(Seen::attempt).containsOnly(attempt);
    assertThat(seen).extracting(Seen::first).containsOnly(1f);
    assertThat(seen).extracting(Seen::last).containsOnly(2f * (FLOATS - 1) + 1);
    assertThat(seen)
        .extracting(Seen::pid)
        .doesNotHaveDuplicates()
        .doesNotContain(ProcessHandle.current().pid());
  }
}
