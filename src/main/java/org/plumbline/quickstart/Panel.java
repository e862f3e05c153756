package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The annotators at work, and how often each of them is right. */
final class Panel {
  private static final int TALLIED = 2;

  private final World world;
  private final List<Annotator> annotators = new ArrayList<>();
  private final Map<String, long[]> tallies = new LinkedHashMap<>();

  /** {@code size} annotators; a panel larger than the world's repeats its characters. */
  Panel(World world, int size) {
    this.world = world;
    List<Annotator> known = world.annotators();
    for (int i = 0; i < size; i++) {
      Annotator like = known.get(i % known.size());
      annotators.add(like.named("ann-%02d".formatted(i + 1)));
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

  double utility(Annotator annotator, Reply reply, boolean shownFirst, Draws draws) {
    double taste = world.tastes().get(annotator.group()).getOrDefault(reply.category(), 0.0);
    return annotator.utility(reply, taste, shownFirst, draws);
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
