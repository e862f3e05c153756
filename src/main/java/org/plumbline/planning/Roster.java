package org.plumbline.planning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Those who can be asked, and how much each has been asked already. Whoever has the least to do is
 * next, and of several those whose group had the least say in the pair at hand.
 */
final class Roster {
  /** Somebody to ask. */
  record Person(String name, Optional<String> group, double reliability) {}

  private final List<Person> people;
  private final Map<String, Integer> tasks = new HashMap<>();

  /** {@code people} in the order in which they are asked where all else is equal. */
  Roster(List<Person> people) {
    this.people = List.copyOf(people);
  }

  /**
   * Up to {@code count} people for one pair, different ones; fewer if there are no more.
   *
   * @param without who may not be asked, since they have answered
   */
  List<Person> choose(int count, Set<String> without) {
    List<Person> chosen = new ArrayList<>();
    Map<Optional<String>, Integer> say = new HashMap<>();
    while (chosen.size() < count) {
      Optional<Person> next =
          people.stream()
              .filter(person -> !without.contains(person.name()) && !chosen.contains(person))
              .min(order(person -> say.getOrDefault(person.group(), 0)));
      if (next.isEmpty()) {
        return chosen;
      }
      chosen.add(next.get());
      say.merge(next.get().group(), 1, Integer::sum);
      tasks.merge(next.get().name(), 1, Integer::sum);
    }
    return chosen;
  }

  private Comparator<Person> order(ToIntFunction<Person> say) {
    return Comparator.comparingInt(say)
        .thenComparingInt(person -> tasks.getOrDefault(person.name(), 0));
  }

  /** How many tasks each has, by name. */
  Map<String, Integer> tasks() {
    return Map.copyOf(tasks);
  }

  boolean isEmpty() {
    return people.isEmpty();
  }
}
