package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;
import scala.Tuple2;

class EpochOrderTest {
  private static final int COUNT = 100;
  private static final List<String> KEYS =
      IntStream.range(0, COUNT).mapToObj(i -> "row" + i).toList();

  private static Dataset<Row> rows(int partitions) {
    return LocalSpark.session()
        .createDataFrame(
            KEYS.stream().map(RowFactory::create).toList(),
            new StructType().add("id", DataTypes.StringType, false))
        .repartition(partitions);
  }

  private static List<String> order(int partitions, long seed, int epoch) {
    try (EpochOrder order = new EpochOrder(rows(partitions), "id", seed, epoch)) {
      return order.slice(0, COUNT).sortByKey().values().map(row -> row.getString(0)).collect();
    }
  }

  @Test
  void isAPermutationThatSeedAndEpochAloneDecide() {
    List<String> first = order(1, 0, 0);
    assertThat(first).containsExactlyInAnyOrderElementsOf(KEYS).isNotEqualTo(KEYS);
    assertThat(order(3, 0, 0)).isEqualTo(first);
    assertThat(order(7, 0, 0)).isEqualTo(first);
    assertThat(order(1, 1, 0)).containsExactlyInAnyOrderElementsOf(KEYS).isNotEqualTo(first);
    assertThat(order(1, 0, 1)).containsExactlyInAnyOrderElementsOf(KEYS).isNotEqualTo(first);
  }

  @Test
  void positionsAreConsecutive() {
    try (EpochOrder order = new EpochOrder(rows(3), "id", 0, 0)) {
      assertThat(order.slice(40, 60).keys().collect())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(40, 60).mapToLong(i -> i).boxed().toList());
    }
  }

  @Test
  void ranksGetRowsInTurn() {
    List<String> all = order(1, 0, 0);
    int ranks = 3;
    try (EpochOrder order = new EpochOrder(rows(2), "id", 0, 0)) {
      List<List<Tuple2<Long, Row>>> parts = order.inTurn(ranks).glom().collect();
      assertThat(parts).extracting(List::size).containsExactly(34, 33, 33);
      String[] seen = new String[COUNT];
      for (int rank = 0; rank < ranks; rank++) {
        for (Tuple2<Long, Row> row : parts.get(rank)) {
          int at = row._1.intValue();
          assertThat(at % ranks).as("rank of position %d", at).isEqualTo(rank);
          assertThat(seen[at]).as("position %d comes twice", at).isNull();
          seen[at] = row._2.getString(0);
        }
      }
      assertThat(seen).containsExactlyElementsOf(all);
    }
  }
}
