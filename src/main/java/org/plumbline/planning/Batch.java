package org.plumbline.planning;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.plumbline.config.PlanSettings;

/** The judgments to ask for, in an order that does not tell which of them are gold. */
final class Batch {
  private final PlanSettings settings;
  private final Roster roster;
  private final Random random;
  private final List<Task> tasks = new ArrayList<>();

  private Batch(PlanSettings settings, Roster roster, long seed) {
    this.settings = settings;
    this.roster = roster;
    this.random = new Random(seed);
  }

  /**
   * Gives out {@code settings.judgments()} judgments, or fewer if pairs or people run out.
   *
   * @param open pairs by priority
   * @param gold pairs whose answer is known
   */
  static List<Task> of(
      PlanSettings settings,
      List<Candidate> open,
      List<Candidate> gold,
      Certainty certainty,
      Roster roster,
      long seed) {
    Batch batch = new Batch(settings, roster, seed);
    int known = gold.isEmpty() ? 0 : (int) Math.round(settings.judgments() * settings.goldShare());
    batch.ask(gold, known, pair -> Integer.MAX_VALUE, true);
    batch.ask(
        open,
        settings.judgments() - batch.tasks.size(),
        pair -> Math.max(1, certainty.needed(settings.certainty(), pair.logOdds())),
        false);
    Collections.shuffle(batch.tasks, batch.random);
    return batch.tasks;
  }

  private interface Wanted {
    int of(Candidate pair);
  }

  private void ask(List<Candidate> pairs, int budget, Wanted wanted, boolean gold) {
    int left = budget;
    for (Candidate pair : pairs) {
      int most = Math.min(Math.min(left, settings.maxPerPair()), wanted.of(pair));
      if (roster.isEmpty()) {
        for (int i = 0; i < most; i++) {
          add(pair, i, Optional.empty(), gold);
        }
        left -= most;
      } else {
        List<Roster.Person> people = roster.choose(most, pair.judges());
        for (int i = 0; i < people.size(); i++) {
          add(pair, i, Optional.of(people.get(i)), gold);
        }
        left -= people.size();
      }
      if (left == 0) {
        return;
      }
    }
  }

  private void add(Candidate pair, int nth, Optional<Roster.Person> person, boolean gold) {
    boolean leftFirst = random.nextBoolean();
    tasks.add(
        new Task(
            pair.pairId() + "-" + person.map(Roster.Person::name).orElse("anybody-" + (nth + 1)),
            pair,
            leftFirst ? pair.left() : pair.right(),
            leftFirst ? pair.right() : pair.left(),
            person,
            gold));
  }
}
