package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.plumbline.table.Split;

/**
 * The requests of a world, and which of them are held out.
 *
 * <p>What is held out is the combination: every topic and every phrasing is also trained on.
 */
final class WorldPrompts {
  private final World world;
  private final long seed;

  WorldPrompts(World world, long seed) {
    this.world = world;
    this.seed = seed;
  }

  private record Combination(Topic topic, int phrasing) {}

  /** {@code count} requests, in random order. */
  List<WorldPrompt> make(int count) {
    int most = world.topics().size() * world.phrasings().size();
    if (count > most) {
      throw new IllegalArgumentException(
          "Invalid quickstart.prompts: %d (must be at most %d, %d topics in %d phrasings)"
              .formatted(count, most, world.topics().size(), world.phrasings().size()));
    }
    List<Combination> combinations = combinations(count);
    Draws.of(seed, "prompts", 0).shuffle(combinations);
    Set<Combination> heldOut = heldOut(combinations);
    return combinations.stream()
        .map(
            each ->
                new WorldPrompt(
                    each.topic(),
                    each.phrasing(),
                    text(each),
                    heldOut.contains(each) ? Split.HELD_OUT : Split.TRAIN))
        .toList();
  }

  private List<Combination> combinations(int count) {
    List<Integer> phrasings = new ArrayList<>();
    for (int i = 1; i < world.phrasings().size(); i++) {
      phrasings.add(i);
    }
    Draws.of(seed, "phrasings", 0).shuffle(phrasings);
    phrasings.add(0, 0);
    List<Combination> combinations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int topics = world.topics().size();
      combinations.add(new Combination(world.topics().get(i % topics), phrasings.get(i / topics)));
    }
    return combinations;
  }

  /** Holds out a combination only if its topic and its phrasing still have another to train on. */
  private Set<Combination> heldOut(List<Combination> shuffled) {
    Map<Object, Integer> training = new HashMap<>();
    for (Combination each : shuffled) {
      training.merge(each.topic(), 1, Integer::sum);
      training.merge(each.phrasing(), 1, Integer::sum);
    }
    List<Combination> order = new ArrayList<>(shuffled);
    order.sort((a, b) -> Boolean.compare(always(b), always(a)));
    Set<Combination> heldOut = new HashSet<>();
    long wanted = Math.round(world.heldOut().share() * shuffled.size());
    for (Combination each : order) {
      boolean spare = training.get(each.topic()) > 1 && training.get(each.phrasing()) > 1;
      if (heldOut.size() < wanted && spare) {
        heldOut.add(each);
        training.merge(each.topic(), -1, Integer::sum);
        training.merge(each.phrasing(), -1, Integer::sum);
      }
    }
    return heldOut;
  }

  private boolean always(Combination each) {
    return text(each).equals(world.heldOut().always());
  }

  private String text(Combination each) {
    return world.phrasings().get(each.phrasing()).replace("{ask}", each.topic().ask());
  }
}
