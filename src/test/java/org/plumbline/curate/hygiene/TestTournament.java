package org.plumbline.curate.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestTournament {
  private static List<Tournament.Win> wins(String... pairs) {
    return Stream.of(pairs)
        .map(pair -> new Tournament.Win(pair, pair.substring(0, 1), pair.substring(1)))
        .toList();
  }

  private static List<List<String>> cycles(String... pairs) {
    return Tournament.of(wins(pairs)).cycles().stream()
        .map(cycle -> cycle.stream().map(Tournament.Win::pairId).toList())
        .toList();
  }

  @Test
  void anOrderHasNoCycle() {
    assertThat(cycles("ab", "ac", "bc", "cd", "ad")).isEmpty();
  }

  @Test
  void theShortestCycleThroughTheFirstOfEachKnotIsNamed() {
    assertThat(cycles("bc", "ab", "ca", "cd", "xy", "yz", "zw", "wx", "yx", "ax"))
        .containsExactly(List.of("ab", "bc", "ca"), List.of("wx", "xy", "yz", "zw"));
  }

  @Test
  void aLongChainIsNoDeepRecursion() {
    List<Tournament.Win> chain = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      chain.add(new Tournament.Win("p" + i, "r" + i, "r" + (i + 1) % 100_000));
    }

    assertThat(Tournament.of(chain).cycles()).singleElement().asList().hasSize(100_000);
  }
}
