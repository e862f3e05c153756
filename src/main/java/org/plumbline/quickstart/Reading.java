package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a reader made of a text.
 *
 * @param words the text's words
 * @param runs stretches of the text that are stretches of known sentences, in order
 */
record Reading(List<String> words, List<Run> runs) {
  private static final double STRAY_SHARE = 0.15;

  /** Words {@code from} (inclusive) to {@code to} (exclusive) of a known sentence. */
  record Run(Sentence sentence, int from, int to) {
    int length() {
      return to - from;
    }

    boolean whole() {
      return from == 0 && to == sentence.words().size();
    }

    /** Whether this and {@code next} are beginning and end of one thing said in two mixed ways. */
    private boolean mixesWith(Run next) {
      return from == 0
          && next.to == next.sentence.words().size()
          && sentence.role().equals(next.sentence.role())
          && sentence.topic() == next.sentence.topic();
    }
  }

  /** The sentences that were said to the end. */
  List<Sentence> said() {
    List<Sentence> said = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      if (run.whole() || (i + 1 < runs.size() && run.mixesWith(runs.get(i + 1)))) {
        said.add(run.sentence());
      }
    }
    return said;
  }

  /** Whether a sentence breaks off, is said again, or too much of the text is of no sentence. */
  boolean garbled() {
    int covered = runs.stream().mapToInt(Run::length).sum();
    double strays = words.size() - covered;
    return covered == 0
        || strays > Math.max(1, STRAY_SHARE * words.size())
        || broken()
        || repeated();
  }

  private boolean broken() {
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      if (!run.whole()) {
        if (i + 1 == runs.size() || !run.mixesWith(runs.get(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private boolean repeated() {
    Set<List<String>> seen = new HashSet<>();
    return !said().stream().map(Sentence::words).allMatch(seen::add);
  }
}
