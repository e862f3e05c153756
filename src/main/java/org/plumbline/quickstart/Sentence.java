package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A sentence of the world as a reader knows it: without case and punctuation.
 *
 * @param role what it does in a reply
 * @param topic what it speaks of; null if it would fit any topic
 */
record Sentence(String role, Topic topic, List<String> words) {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:'\\p{L}+)?");

  /** The words of {@code text}, in lower case. */
  static List<String> words(String text) {
    return WORD.matcher(text.replace('\u2019', '\'').toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** Every sentence of {@code world}, with every topic that can fill it. */
  static List<Sentence> all(World world) {
    List<Sentence> all = new ArrayList<>();
    world
        .sentences()
        .forEach(
            (role, variants) -> variants.forEach(text -> all.addAll(filled(role, text, world))));
    for (Topic topic : world.topics()) {
      topic.content().forEach(text -> all.add(new Sentence("content", topic, words(text))));
    }
    return all;
  }

  private static List<Sentence> filled(String role, String text, World world) {
    if (!text.contains("{")) {
      return List.of(new Sentence(role, null, words(text)));
    }
    List<Sentence> filled = new ArrayList<>();
    for (Topic topic : world.topics()) {
      if (text.contains("{ask}")) {
        filled.add(new Sentence(role, topic, words(text.replace("{ask}", topic.askOfYou()))));
      }
      if (text.contains("{alternative}")) {
        for (String alternative : topic.alternatives()) {
          String said = text.replace("{alternative}", alternative);
          filled.add(new Sentence(role, topic, words(said)));
        }
      }
    }
    return filled;
  }

  /** Whether it helps with something harmful. */
  boolean harmful() {
    return role.equals("content") && topic.harmful();
  }
}
