package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  /** What is shown of {@code pieces}, one after the other, and at the end. */
  private static List<String> shown(StopStrings stops, String... pieces) {
    List<String> shown = new ArrayList<>();
    for (String piece : pieces) {
      shown.add(stops.push(piece));
    }
    shown.add(stops.rest());
    return shown;
  }

  @Test
  void aStringAcrossPiecesEndsTheText() {
    StopStrings stops = new StopStrings(List.of("The end"));
    assertThat(shown(stops, "They slept. Th", "e e", "nd of it", "more"))
        .containsExactly("They slept. ", "", "", "", "");
    assertThat(stops.found()).isTrue();
  }

  @Test
  void whatOnlyLookedLikeOneIsShownAfterAll() {
    StopStrings stops = new StopStrings(List.of("The end", "\n\n"));
    assertThat(shown(stops, "Th", "ey ran.\n", "Th", "e"))
        .containsExactly("", "They ran.", "\n", "", "The");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void theEarliestCounts() {
    StopStrings stops = new StopStrings(List.of("cd", "abc"));
    assertThat(shown(stops, "xab", "cd")).containsExactly("x", "", "");
  }

  @Test
  void withoutStringsAllIsShownAtOnce() {
    assertThat(shown(new StopStrings(List.of()), "a", "b")).containsExactly("a", "b", "");
  }

  @Test
  void whereverPiecesPartTheTextIsTheSame() {
    String text = "aabaabaaabaab-abab";
    Random random = new Random(4);
    for (String stop : List.of("aabaaab", "ab-", "baaba", "zzz", "aaaa")) {
      for (int round = 0; round < 50; round++) {
        StopStrings stops = new StopStrings(List.of(stop));
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
          int end = Math.min(text.length(), at + 1 + random.nextInt(4));
          shown.append(stops.push(text.substring(at, end)));
          at = end;
        }
        int expected = text.indexOf(stop);
        assertThat(shown.append(stops.rest()))
            .hasToString(expected < 0 ? text : text.substring(0, expected));
      }
    }
  }

  @Test
  void anEmptyStringIsRefused() {
    assertThatThrownBy(() -> new StopStrings(List.of("a", "")))
        .hasMessage("Invalid stop: '' (must not be empty)");
  }
}
