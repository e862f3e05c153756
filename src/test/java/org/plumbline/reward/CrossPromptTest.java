package org.plumbline.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.table.PairTokensTable;
import org.plumbline.testing.TinyRun;

class CrossPromptTest {
  private static final int PAIRS = 16;

  @TempDir Path folder;

  private Dataset<Row> pairs() {
    TinyRun run = TinyRun.in(folder.resolve("run")).pairs(PAIRS);
    return PairTokensTable.TABLE
        .read(run.context().spark(), run.context().run().at("tokens/pairs"))
        .where("split = 'train'");
  }

  /** The others of each pair, as text. */
  private static Map<String, List<String>> others(Dataset<Row> pairs, double perPair, long seed) {
    Map<String, List<String>> others = new HashMap<>();
    for (Row row : new CrossPrompt(perPair, 0.9, seed).addTo(pairs).collectAsList()) {
      List<String> texts = Compared.of(row).others().stream().map(Arrays::toString).toList();
      others.put(row.getString(row.fieldIndex("pair_id")), texts);
    }
    return others;
  }

  private static Map<String, String> chosen(Dataset<Row> pairs) {
    Map<String, String> chosen = new HashMap<>();
    for (Row row : pairs.collectAsList()) {
      chosen.put(row.getString(0), Arrays.toString(Compared.of(row).chosen()));
    }
    return chosen;
  }

  @Test
  void everyPairGetsChosenResponsesOfOthers() {
    Dataset<Row> pairs = pairs();
    Map<String, String> chosen = chosen(new CrossPrompt(0, 0.9, 0).addTo(pairs));
    others(pairs, 2, 0)
        .forEach(
            (pair, others) -> {
              assertThat(others)
                  .hasSize(2)
                  .doesNotContain(chosen.get(pair))
                  .doesNotHaveDuplicates();
              assertThat(chosen.values()).containsAll(others);
            });
  }

  @Test
  void aFractionGivesToSomeAndNothingToNone() {
    Dataset<Row> pairs = pairs();
    assertThat(others(pairs, 0, 0).values()).hasSize(PAIRS).allMatch(List::isEmpty);
    assertThat(others(pairs, 0.25, 0).values()).hasSize(PAIRS);
    assertThat(others(pairs, 0.25, 0).values().stream().mapToInt(List::size).sum())
        .isEqualTo(PAIRS / 4);
    assertThat(others(pairs, 1.5, 0).values().stream().mapToInt(List::size).sum())
        .isEqualTo(PAIRS * 3 / 2);
  }

  @Test
  void theSeedAloneDecides() {
    Dataset<Row> pairs = pairs();
    Map<String, List<String>> first = others(pairs, 2, 0);
    assertThat(others(pairs.repartition(5), 2, 0)).isEqualTo(first);
    assertThat(others(pairs, 2, 1)).isNotEqualTo(first);
  }

  @Test
  void responsesToTheSamePromptAreNoOthers() {
    Dataset<Row> pairs = pairs();
    Dataset<Row> onePrompt = pairs.withColumn("prompt_id", pairs.col("prompt_id").substr(1, 0));
    assertThat(others(onePrompt, 2, 0).values()).hasSize(PAIRS).allMatch(List::isEmpty);
    Set<Integer> sizes = new HashSet<>();
    others(pairs, 2, 0).values().forEach(list -> sizes.add(list.size()));
    assertThat(sizes).containsExactly(2);
  }
}
