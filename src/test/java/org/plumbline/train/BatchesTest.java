package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BatchesTest {
  @Test
  void rowsOfLikeLengthShareABatchAndTheLastIsShorter() {
    assertThat(Batches.of(List.of("ccc", "a", "dddd", "bb", "eeeee"), 2, String::length))
        .containsExactly(List.of("a", "bb"), List.of("ccc", "dddd"), List.of("eeeee"));
    assertThat(Batches.of(List.<String>of(), 2, String::length)).isEmpty();
  }

  @Test
  void rowsOfOneLengthStayInTheirOrder() {
    assertThat(Batches.of(List.of("b1", "a1", "c1"), 3, String::length))
        .containsExactly(List.of("b1", "a1", "c1"));
  }

  @Test
  void aStreamIsSortedWindowByWindowAndLosesNothing() {
    List<Integer> rows = new SplittableRandom(5).ints(101, 0, 1000).boxed().toList();
    List<List<Integer>> batches = new ArrayList<>();
    Batches.of(rows.iterator(), 3, row -> row).forEachRemaining(batches::add);

    // 101 rows: a window of 32 batches of 3, then 5 rows as a batch of 3 and one of 2
    assertThat(batches).hasSize(34);
    assertThat(batches.subList(0, 33)).allMatch(batch -> batch.size() == 3);
    assertThat(batches.get(33)).hasSize(2);
    List<Integer> flat = batches.stream().flatMap(List::stream).toList();
    assertThat(flat.subList(0, 96)).containsExactlyElementsOf(sorted(rows.subList(0, 96)));
    assertThat(flat.subList(96, 101)).containsExactlyElementsOf(sorted(rows.subList(96, 101)));
  }

  private static List<Integer> sorted(List<Integer> rows) {
    return rows.stream().sorted().toList();
  }
}
