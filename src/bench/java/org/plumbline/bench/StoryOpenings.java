package org.plumbline.bench;

import java.util.ArrayList;
import java.util.List;

/** Beginnings of stories for small children, for small models that tell them. */
public final class StoryOpenings {
  private static final List<String> NAMES =
      List.of("Lily", "Tom", "Ben", "Mia", "Sam", "Anna", "Max", "Sue");
  private static final List<String> OPENINGS =
      List.of(
          "Once upon a time, there was a child named %s.",
          "One day, %s went to the park.",
          "%s had a big red ball.",
          "There was a small cat named %s.",
          "%s saw a bird in a tree.",
          "It was a sunny day and %s wanted to play.",
          "%s found a box in the garden.",
          "%s was sad because it was raining.",
          "One night, %s heard a loud noise.",
          "%s had a best friend, a dog.",
          "%s did not want to share the toys.",
          "%s and her mom went to the store.");

  private StoryOpenings() {}

  /** Lines for {@code feedback.prompts}: 64 to learn from and 32 held out. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      for (int j = 0; j < OPENINGS.size(); j++) {
        String split = (i + j) % 3 == 0 ? "heldout" : "train";
        lines.add(
            "{\"prompt\":\"%s\",\"split\":\"%s\"}"
                .formatted(OPENINGS.get(j).formatted(NAMES.get(i)), split));
      }
    }
    return lines;
  }
}
