package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchesTest {
  /** Rows that are no more than their lengths. */
  private static List<List<Integer>> cut(int most, Integer... rows) {
    return Batches.of(List.of(rows), most, row -> row);
  }

  @Test
  void rowsOfLikeLengthShareABatch() {
    assertThat(cut(8, 300, 20, 310, 25, 22))
        .containsExactly(List.of(20, 22, 25), List.of(300, 310));
    assertThat(cut(8)).isEmpty();
  }

  @Test
  void aBatchIsNotMadeToSaveLessThanItCosts() {
    int more = Batches.PASS;
    assertThat(cut(8, 10, 10 + more)).containsExactly(List.of(10, 10 + more));
    assertThat(cut(8, 10, 11 + more)).containsExactly(List.of(10), List.of(11 + more));
    // two rows save twice as much
    assertThat(cut(8, 10, 10, 11 + more / 2))
        .containsExactly(List.of(10, 10), List.of(11 + more / 2));
  }

  @Test
  void noBatchHasMoreRowsThanAllowed() {
    assertThat(cut(2, 9, 9, 9, 9, 9)).extracting(List::size).containsExactlyInAnyOrder(2, 2, 1);
  }

  @Test
  void rowsOfOneLengthStayInTheirOrder() {
    assertThat(Batches.of(List.of("b1", "a1", "c1"), 3, String::length))
        .containsExactly(List.of("b1", "a1", "c1"));
  }

  /** Among all ways to cut a few rows there is none that costs less. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10})
  void noOtherCutCostsLess(int most) {
    SplittableRandom random = new SplittableRandom(most);
    for (int trial = 0; trial < 20; trial++) {
      List<Integer> rows = random.ints(10, 1, 300).sorted().boxed().toList();
      assertThat(cost(Batches.of(rows, most, row -> row))).isEqualTo(least(rows, most));
    }
  }

  private static long cost(List<List<Integer>> batches) {
    return batches.stream()
        .mapToLong(batch -> Batches.PASS + batch.size() * (long) batch.get(batch.size() - 1))
        .sum();
  }

  /** Tries every set of places to cut at. */
  private static long least(List<Integer> sorted, int most) {
    long least = Long.MAX_VALUE;
    for (int places = 0; places < 1 << (sorted.size() - 1); places++) {
      List<List<Integer>> batches = new ArrayList<>();
      int from = 0;
      for (int end = 1; end <= sorted.size(); end++) {
        if (end == sorted.size() || (places >> (end - 1) & 1) == 1) {
          batches.add(sorted.subList(from, end));
          from = end;
        }
      }
      if (batches.stream().allMatch(batch -> batch.size() <= most)) {
        least = Math.min(least, cost(batches));
      }
    }
    return least;
  }

  @Test
  void fullBatchesAreFullWhateverIsPadded() {
    assertThat(Batches.full(List.of("ccc", "a", "d".repeat(500), "bb", "eeeee"), 2, String::length))
        .containsExactly(List.of("a", "bb"), List.of("ccc", "eeeee"), List.of("d".repeat(500)));
    assertThat(Batches.full(List.<String>of(), 2, String::length)).isEmpty();
  }
}
