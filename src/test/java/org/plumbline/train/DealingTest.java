package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;
import scala.Tuple2;

class DealingTest {
  private static Placed<TokenResponse> placed(int step, long position, int length) {
    return new Placed<>(step, position, new TokenResponse(new int[1], new int[length - 1]));
  }

  private static List<Placed<TokenResponse>> step(int... lengths) {
    List<Placed<TokenResponse>> step = new ArrayList<>();
    for (int length : lengths) {
      step.add(placed(0, step.size(), length));
    }
    return step;
  }

  private static long tokens(List<Tuple2<Integer, Placed<TokenResponse>>> dealt, int rank) {
    return dealt.stream()
        .filter(each -> each._1 == rank)
        .mapToLong(each -> each._2.example().length())
        .sum();
  }

  @Test
  void theLongestGoesWhereFewestTokensAre() {
    // in turn, rank 0 would have had 100 + 90 + 10 tokens and rank 1 had 8 + 5 + 7
    List<Tuple2<Integer, Placed<TokenResponse>>> dealt =
        new Dealing(2, false).dealt(step(100, 8, 90, 5, 10, 7));
    assertThat(dealt)
        .extracting(each -> each._2.position())
        .containsExactly(0L, 2L, 4L, 1L, 5L, 3L);
    assertThat(dealt).extracting(Tuple2::_1).containsExactly(0, 1, 1, 0, 1, 0);
    assertThat(tokens(dealt, 0)).isEqualTo(113);
    assertThat(tokens(dealt, 1)).isEqualTo(107);
  }

  @Test
  void aRankHasNoMoreRowsThanItsShare() {
    // one long row, and seven short ones that would all fit beside it
    List<Tuple2<Integer, Placed<TokenResponse>>> dealt =
        new Dealing(3, false).dealt(step(2, 2, 2, 1000, 2, 2, 2, 2));
    for (int rank = 0; rank < 3; rank++) {
      int each = rank;
      assertThat(dealt.stream().filter(row -> row._1 == each))
          .as("rank %d", rank)
          .hasSize(Dealing.share(8, rank, 3));
    }
    assertThat(List.of(Dealing.share(8, 0, 3), Dealing.share(8, 1, 3), Dealing.share(8, 2, 3)))
        .containsExactly(3, 3, 2);
    assertThat(Dealing.share(1, 2, 3)).isZero();
  }

  /** Else a worker of local rounds could have the longest row of every batch, and no other. */
  @Test
  void workersOfLocalRoundsGetThemInTurn() {
    assertThat(new Dealing(2, true).dealt(step(9, 2, 8, 1, 7)))
        .extracting(Tuple2::_1, each -> each._2.position())
        .containsExactly(tuple(0, 0L), tuple(1, 1L), tuple(0, 2L), tuple(1, 3L), tuple(0, 4L));
  }

  @Test
  void theWayRowsComeMakesNoDifference() {
    List<Placed<TokenResponse>> rows = step(5, 9, 5, 30, 5, 9, 5);
    List<Tuple2<Integer, Placed<TokenResponse>>> dealt = new Dealing(2, false).dealt(rows);
    Collections.shuffle(rows, new Random(3));
    assertThat(new Dealing(2, false).dealt(rows)).isEqualTo(dealt);
  }

  @Test
  void everyStepIsDealtByItself() {
    List<Placed<TokenResponse>> rows = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      rows.add(placed(i / 8, i, 2 + random.nextInt(200)));
    }
    List<List<Placed<TokenResponse>>> ranks =
        new Dealing(2, false)
            .toRanks(
                JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                    .parallelize(rows, 3))
            .glom()
            .collect();
    assertThat(ranks).hasSize(2);
    assertThat(ranks.stream().flatMap(List::stream).map(Placed::position))
        .containsExactlyInAnyOrderElementsOf(rows.stream().map(Placed::position).toList());
    for (int step = 0; step < 8; step++) {
      int each = step;
      assertThat(ranks.get(0).stream().filter(row -> row.step() == each)).hasSize(step < 7 ? 4 : 2);
      assertThat(ranks.get(1).stream().filter(row -> row.step() == each)).hasSize(step < 7 ? 4 : 2);
    }
  }
}
