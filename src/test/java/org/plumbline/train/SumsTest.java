package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.plumbline.cluster.Gangs;
import org.plumbline.testing.LocalSpark;
import scala.Tuple2;

class SumsTest {
  @Test
  void meansAreWeightedByCount() {
    Sums sums = new Sums();
    sums.add("loss", 6, 3);
    sums.add("loss", 4, 1);
    sums.add("accuracy", 1, 4);
    sums.add("nothing", 0, 0);
    assertThat(sums.means()).isEqualTo(Map.of("loss", 10.0 / 4, "accuracy", 0.25, "nothing", 0.0));
    assertThat(sums.count("loss")).isEqualTo(4);
  }

  @Test
  void ranksOfUnlikeWeightAddUpToGlobalMeans() {
    JavaRDD<Integer> ranks =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(List.of(0, 1), 2)
            .mapToPair(rank -> new Tuple2<>(rank, rank))
            .partitionBy(new RankPartitioner(2))
            .values();
    List<Map<String, Double>> means =
        Gangs.run(
            ranks,
            2,
            (gang, rows) -> {
              int rank = rows.next();
              Sums sums = new Sums();
              sums.add("loss", rank == 0 ? 1 : 11, rank == 0 ? 1 : 3);
              sums.add("margin", rank == 0 ? -1 : 0.5, 1);
              if (rank == 1) {
                sums.add("of one rank only", 3, 2);
              }
              sums.gather(gang);
              return List.of(sums.means()).iterator();
            });
    assertThat(means).hasSize(2);
    for (Map<String, Double> ofRank : means) {
      assertThat(ofRank.get("loss")).isCloseTo(12.0 / 4, within(1e-6));
      assertThat(ofRank.get("margin")).isCloseTo(-0.25, within(1e-6));
      assertThat(ofRank.get("of one rank only")).isEqualTo(1.5);
    }
  }
}
