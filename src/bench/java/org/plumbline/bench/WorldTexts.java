package org.plumbline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Texts of the size of real ones. Words follow Zipf's law: the commonest are English, the others
 * are made of syllables.
 */
final class WorldTexts {
  private static final int VOCABULARY = 4096;
  private static final String COMMON =
      "the of and to a in is it you that he was for on are with as I his they be at one have this"
          + " from or had by not but what all were when we there can an your which their said if do"
          + " will each about how up out them then she many some so these would other into has more"
          + " her two like him see time could no make than first been its who now people my made"
          + " over did down only way find use may water long little very after words called just"
          + " where most know";
  private static final String[] SYLLABLES =
      ("ba be bo ca co cu da de do fa fi fo ga go ha he hi jo ka ki la le li lo ma me mi mo na ne"
              + " ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi wa we za zo")
          .split(" ");
  private static final String[] WORDS = words();

  private WorldTexts() {}

  private static String[] words() {
    List<String> words = new ArrayList<>(List.of(COMMON.split(" ")));
    SplittableRandom random = new SplittableRandom(1);
    while (words.size() < VOCABULARY) {
      StringBuilder word = new StringBuilder();
      for (int left = 2 + random.nextInt(3); left > 0; left--) {
        word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
      }
      words.add(word.toString());
    }
    return words.toArray(String[]::new);
  }

  /** Between {@code least} and {@code most} sentences of 6 to 14 words. */
  static String text(int least, int most, SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int left = least + random.nextInt(most - least + 1); left > 0; left--) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      sentence(random, text);
    }
    return text.toString();
  }

  private static void sentence(SplittableRandom random, StringBuilder text) {
    int start = text.length();
    int words = 6 + random.nextInt(9);
    for (int i = 0; i < words; i++) {
      if (i > 0) {
        text.append(' ');
      }
      text.append(word(random));
    }
    text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
    text.append('.');
  }

  /** The k-th word about 1/k as often as the first. */
  private static String word(SplittableRandom random) {
    double rank = StrictMath.exp(random.nextDouble() * StrictMath.log(VOCABULARY));
    return WORDS[(int) rank - 1];
  }
}
