package org.plumbline.quickstart;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the known sentences in a text.
 *
 * <p>Of all ways to cut the text into stretches of known sentences and stray words it takes the one
 * that scores best, by dynamic programming over the text's words: a known word counts +1, a stray
 * word -1, a sentence's missing beginning or end -1 each, and a stretch -0.1, so that fewer and
 * longer stretches win. Cost is the text's length times the places where its words occur.
 */
final class Reader {
  private static final double BREAK = 1;
  private static final double STRAY = 1;
  private static final double STRETCH = 0.1;
  private static final int SHORTEST = 3; // two words in a row are chance

  private final Map<String, List<Place>> places = new HashMap<>();

  /** Word {@code at} of {@code sentence}. */
  private record Place(Sentence sentence, int at) {}

  /** The best way to read the text up to some word; {@code run} is null if the last is a stray. */
  private record Step(double score, Step before, Reading.Run run) {}

  Reader(List<Sentence> sentences) {
    for (Sentence sentence : sentences) {
      for (int i = 0; i < sentence.words().size(); i++) {
        places
            .computeIfAbsent(sentence.words().get(i), word -> new ArrayList<>())
            .add(new Place(sentence, i));
      }
    }
  }

  /** Reads {@code text}. */
  Reading read(String text) {
    List<String> words = Sentence.words(text);
    Step[] best = new Step[words.size() + 1];
    best[0] = new Step(0, null, null);
    for (int i = 0; i < words.size(); i++) {
      double stray = best[i].score() - STRAY;
      if (better(best, i + 1, stray)) {
        best[i + 1] = new Step(stray, best[i], null);
      }
      for (Place place : places.getOrDefault(words.get(i), List.of())) {
        extend(best, words, i, place);
      }
    }
    Deque<Reading.Run> runs = new ArrayDeque<>();
    for (Step step = best[words.size()]; step.before() != null; step = step.before()) {
      if (step.run() != null) {
        runs.addFirst(step.run());
      }
    }
    return new Reading(words, List.copyOf(runs));
  }

  private static void extend(Step[] best, List<String> words, int start, Place place) {
    List<String> known = place.sentence().words();
    int from = place.at();
    for (int length = 1;
        start + length <= words.size() && from + length <= known.size();
        length++) {
      if (!words.get(start + length - 1).equals(known.get(from + length - 1))) {
        return;
      }
      int to = from + length;
      double score = best[start].score() + score(length, from, to, known.size());
      if (length >= Math.min(SHORTEST, known.size()) && better(best, start + length, score)) {
        Reading.Run run = new Reading.Run(place.sentence(), from, to);
        best[start + length] = new Step(score, best[start], run);
      }
    }
  }

  private static double score(int length, int from, int to, int all) {
    return length - (from > 0 ? BREAK : 0) - (to < all ? BREAK : 0) - STRETCH;
  }

  private static boolean better(Step[] best, int end, double score) {
    return best[end] == null || score > best[end].score();
  }
}
