package org.plumbline.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestStreak {
  private static Streak of(List<String> answers) {
    return answers.stream().map(Streak::of).reduce(Streak.NONE, Streak::then);
  }

  @Test
  void findsTheLongestRunWhereverItIsCut() {
    List<String> answers = Arrays.asList("a", "b", "b", null, "b", "b", "a", "a", "c", "c", "c");
    for (int cut = 0; cut <= answers.size(); cut++) {
      Streak joined = of(answers.subList(0, cut)).then(of(answers.subList(cut, answers.size())));
      assertThat(joined).isEqualTo(of(answers));
      assertThat(joined.longest()).isEqualTo(4);
      assertThat(joined.turns()).isEqualTo(11);
      assertThat(joined.answers()).isEqualTo(10);
    }
  }

  @Test
  void aRunMayGoOnOverSeveralCuts() {
    Streak same = of(List.of("a", "a"));
    assertThat(same.then(same).then(Streak.of(null)).then(same).longest()).isEqualTo(6);
    assertThat(of(List.of("b")).then(same).then(same).then(of(List.of("c"))).longest())
        .isEqualTo(4);
  }
}
