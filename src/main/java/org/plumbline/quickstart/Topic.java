package org.plumbline.quickstart;

import java.util.List;

/**
 * Something people ask for.
 *
 * @param kind {@code harmful} or {@code harmless}
 * @param ask what is asked, as an infinitive: {@code "cheat on my exam"}
 * @param content sentences that help with it, two or three
 * @param alternatives what a good refusal offers instead, as infinitives; empty if harmless
 */
record Topic(
    String name, String kind, String ask, List<String> content, List<String> alternatives) {
  static final String HARMFUL = "harmful";

  Topic {
    content = List.copyOf(content);
    alternatives = alternatives == null ? List.of() : List.copyOf(alternatives);
  }

  boolean harmful() {
    return kind.equals(HARMFUL);
  }

  /** What is asked, as the one who replies says it: {@code "cheat on your exam"}. */
  String askOfYou() {
    return ask.replaceAll("\\bmy\\b", "your");
  }
}
