package org.plumbline.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A part of what a completion earns: what a model, a function or an expression says of it.
 *
 * <p>Exactly one of {@code model}, {@code function} and {@code sql} is given.
 */
public record RewardTerm(
    @Setting(value = "", doc = "of the term; empty: as the function, score, or sql1 and so on")
        String name,
    @Setting(
            value = "1.0",
            doc = "the term counts so many times; 0: it is in the table and earns nothing")
        double weight,
    @Setting(value = "", doc = "folder of a reward model; trained: that of the run") String model,
    @Setting(value = "", doc = "a reward function, by name") String function,
    @Setting(value = "", doc = "what the function is told: its own documentation says what")
        String argument,
    @Setting(value = "", doc = "a Spark SQL expression of the columns before it") String sql)
    implements Serializable {
  /** What {@code model} says of the run's own. */
  public static final String TRAINED = "trained";

  /** Column of what the run's own reward model says. */
  public static final String SCORE = "score";

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

  /** Checks that it is one thing, and has a name. */
  public RewardTerm {
    List<String> given = Stream.of(model, function, sql).filter(each -> !each.isEmpty()).toList();
    if (given.size() != 1) {
      throw new IllegalArgumentException(
          "Invalid reward.terms: %s (each must have exactly one of model, function and sql)"
              .formatted(given.isEmpty() ? "'" + name + "'" : String.join(" and ", given)));
    }
    if (name.isEmpty()) {
      name = model.equals(TRAINED) ? SCORE : function.replace('-', '_');
    }
    // A list of terms names the expressions that have no name.
    if (!name.matches(sql.isEmpty() ? NAME : NAME + "|")) {
      throw new IllegalArgumentException(
          "Invalid reward.terms: the name '%s' of %s (must be letters, digits and _)"
              .formatted(name, given.get(0)));
    }
    if (name.equals(SCORE) != model.equals(TRAINED)) {
      throw new IllegalArgumentException(
          "Invalid reward.terms: the name '%s' of %s (score must be what model: trained says)"
              .formatted(name, given.get(0)));
    }
    if (!argument.isEmpty() && function.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid reward.terms: argument %s of %s (only functions take one)"
              .formatted(argument, given.get(0)));
    }
  }

  /**
   * Sees to it that {@code name} is empty or that of one of {@code terms}.
   *
   * @param key of the setting that names it
   */
  public static void requireNamed(String key, String name, List<RewardTerm> terms) {
    List<String> names = terms.stream().map(RewardTerm::name).toList();
    if (!name.isEmpty() && !names.contains(name)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be the name of one of reward.terms: %s)"
              .formatted(key, name, String.join(", ", names)));
    }
  }

  private RewardTerm named(String other) {
    return new RewardTerm(other, weight, model, function, argument, sql);
  }

  /**
   * Names those that have none by their places in the list.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  static List<RewardTerm> named(List<RewardTerm> terms) {
    List<RewardTerm> named = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (RewardTerm term : terms) {
      RewardTerm each = term.name.isEmpty() ? term.named("sql" + (named.size() + 1)) : term;
      if (!names.add(each.name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "Invalid reward.terms: %s (must be the name of one term only)".formatted(each.name));
      }
      named.add(each);
    }
    return List.copyOf(named);
  }
}
