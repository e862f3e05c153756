package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void aStopSpreadOverSeveralPieces() {
    StopStrings stops = new StopStrings(List.of("###"));
    assertThat(stops.push("one #")).isEqualTo("one ");
    assertThat(stops.push("#")).isEmpty();
    assertThat(stops.found()).isFalse();
    assertThat(stops.push("# two")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.push(" three")).isEmpty();
    assertThat(stops.rest()).isEmpty();
  }

  @Test
  void whatOnlyLookedLikeAStopComesOut() {
    StopStrings stops = new StopStrings(List.of("\n\nHuman:", "<end>"));
    assertThat(stops.push("a\n\nHu")).isEqualTo("a");
    assertThat(stops.push("mid <e")).isEqualTo("\n\nHumid ");
    assertThat(stops.rest()).isEqualTo("<e");
  }

  @Test
  void theFirstOfTwoEnds() {
    StopStrings stops = new StopStrings(List.of("b", "a"));
    assertThat(stops.push("x a b")).isEqualTo("x ");
    assertThat(stops.found()).isTrue();
  }

  @Test
  void noneLetsAllThrough() {
    StopStrings stops = new StopStrings(List.of());
    assertThat(stops.push("all")).isEqualTo("all");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void refusesAnEmptyOne() {
    assertThatThrownBy(() -> new StopStrings(List.of("a", "")))
        .hasMessage("Invalid stop: empty (must be some text)");
  }
}
