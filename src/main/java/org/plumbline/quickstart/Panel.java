package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.plumbline.config.QuickstartSettings;

/** The annotators at work, and how often each of them is right. */
final class Panel {
  private static final int TALLIED = 2;

  private final World world;
  private final List<Annotator> annotators = new ArrayList<>();
  private final List<Annotator> unreliable = new ArrayList<>();
  private final Map<String, long[]> tallies = new LinkedHashMap<>();

  /**
   * The settings' annotators, spammers last; a panel larger than the world's repeats its
   * characters.
   */
  Panel(World world, QuickstartSettings settings, long seed) {
    this.world = world;
    List<Annotator> known = world.annotators();
    int honest = settings.annotators();
    for (int i = 0; i < honest + settings.faults().spammers(); i++) {
      Annotator like = known.get(i % known.size()).named("ann-%02d".formatted(i + 1));
      Spam[] ways = Spam.values();
      annotators.add(i < honest ? like : like.spamming(ways[(i - honest) % ways.length]));
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, honest).boxed().toList());
    Draws.of(seed, "unreliable", 0).shuffle(order);
    for (int i : order.subList(0, (int) Math.round(settings.faults().unreliable() * honest))) {
      annotators.set(i, annotators.get(i).unreliable());
      unreliable.add(annotators.get(i));
    }
    annotators.forEach(each -> tallies.put(each.name(), new long[TALLIED]));
  }

  /**
   * A line of {@code annotators-truth.jsonl}.
   *
   * @param annotator the name, as in the feedback
   * @param character what the annotator was made to be
   * @param ordered pairs of unequal true quality that this annotator ranked or chose from
   * @param accuracy share of them that were put in the true order; null if there were none
   */
  record Row(
      String annotator,
      Annotator character,
      Map<String, Double> tastes,
      long ordered,
      Double accuracy) {}

  /** One, two or three different annotators, as the world has it. */
  List<Annotator> judges(Draws draws) {
    List<Annotator> shuffled = new ArrayList<>(annotators);
    draws.shuffle(shuffled);
    return shuffled.subList(0, Math.min(shuffled.size(), 1 + draws.weighted(world.judges())));
  }

  /** Those who judge about as well as a coin, by the settings. */
  List<Annotator> unreliable() {
    return unreliable;
  }

  List<Annotator> spammers() {
    return annotators.stream().filter(each -> each.spam() != null).toList();
  }

  /** Somebody who is neither. */
  Annotator anyHonest(Draws draws) {
    List<Annotator> honest =
        annotators.stream()
            .filter(each -> each.spam() == null && !unreliable.contains(each))
            .toList();
    return honest.get(draws.any(honest.size()));
  }

  double utility(Annotator annotator, Reply reply, Place place, Draws draws) {
    double taste = world.tastes().get(annotator.group()).getOrDefault(reply.category(), 0.0);
    return annotator.utility(reply, taste, place, draws);
  }

  /**
   * Counts whether the annotator's order of two replies is the true one; equal ones say nothing.
   */
  void tally(Annotator annotator, Reply preferred, Reply other) {
    if (preferred.quality() != other.quality()) {
      long[] tally = tallies.get(annotator.name());
      tally[0]++;
      tally[1] += preferred.quality() > other.quality() ? 1 : 0;
    }
  }

  List<Row> rows() {
    return annotators.stream()
        .map(
            each -> {
              long[] tally = tallies.get(each.name());
              Double accuracy = tally[0] == 0 ? null : (double) tally[1] / tally[0];
              Map<String, Double> tastes = world.tastes().get(each.group());
              return new Row(each.name(), each, tastes, tally[0], accuracy);
            })
        .toList();
  }
}
