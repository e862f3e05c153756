package org.plumbline.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RosterTest {
  private final Roster roster =
      new Roster(List.of(person("a", "x"), person("b", "x"), person("c", "x"), person("d", "y")));

  private static Roster.Person person(String name, String group) {
    return new Roster.Person(name, Optional.of(group), 0.8);
  }

  @Test
  void groupsShareAPairAndPeopleShareTheWork() {
    assertThat(names(roster.choose(2, Set.of()))).containsExactly("a", "d");
    assertThat(names(roster.choose(2, Set.of()))).containsExactly("b", "d");
    assertThat(names(roster.choose(1, Set.of()))).containsExactly("c");
    assertThat(roster.tasks()).isEqualTo(Map.of("a", 1, "b", 1, "c", 1, "d", 2));
  }

  @Test
  void nobodyIsAskedTwice() {
    assertThat(names(roster.choose(9, Set.of("a", "c")))).containsExactlyInAnyOrder("b", "d");
    assertThat(roster.choose(1, Set.of("a", "b", "c", "d"))).isEmpty();
  }

  private static List<String> names(List<Roster.Person> people) {
    return people.stream().map(Roster.Person::name).toList();
  }
}
