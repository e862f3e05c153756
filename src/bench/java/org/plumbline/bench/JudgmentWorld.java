package org.plumbline.bench;

import java.io.Serializable;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Judgments of any number, of which everything is known. What a row says follows from the seed, the
 * number of all rows and its own number alone, so that it does not matter who writes it.
 *
 * <p>Every four rows are a block that asks for one prompt: four annotators rank the same responses,
 * choose from two pairs or criticise, or one annotator rates or accepts four responses. One prompt
 * has 10,000 judgments of 200 responses, the others eight of some five. One annotator gives a tenth
 * of all judgments, the r-th of the others 1 / r^0.7 as many as the first (Zipf's law).
 *
 * @param rows how many judgments there are
 */
record JudgmentWorld(long seed, long rows) implements Serializable {
  static final int BLOCK = 4;

  private static final int POPULAR_BLOCKS = 10_000 / BLOCK;
  private static final int POPULAR_RESPONSES = 200;
  private static final int ROWS_A_PROMPT = 8;
  private static final int ROWS_AN_ANNOTATOR = 500;
  private static final double HEAVY = 0.1;
  private static final double ANONYMOUS = 0.05;
  private static final double ZIPF = 0.7;
  private static final int MODELS = 6;
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  JudgmentWorld {
    if (rows < 1) {
      throw new IllegalArgumentException("Invalid --rows: " + rows + " (must be >= 1)");
    }
  }

  /**
   * What four rows ask.
   *
   * @param responses four different ones of the prompt's, by number
   */
  record Block(long number, long prompt, String kind, int[] responses) {
    /** Whether one annotator answers all four rows. */
    boolean ofOne() {
      return kind.equals("rating") || kind.equals("binary");
    }
  }

  /**
   * Who judges.
   *
   * @param attention share of judgments that follow quality; the others are coins tossed
   * @param strictness what a response must be worth more than usual to be found good
   * @param first what standing first is worth, on the scale of qualities
   */
  record Judge(String name, String group, double attention, double strictness, double first) {}

  /** Numbers of {@code purpose} for {@code index}, the same on every machine. */
  SplittableRandom random(String purpose, long index) {
    return new SplittableRandom(mix(mix(seed + purpose.hashCode() * GAMMA) + index * GAMMA));
  }

  /** Stafford's mix13, as in SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  long prompts() {
    return Math.max(2, rows / ROWS_A_PROMPT);
  }

  long annotators() {
    return Math.max(20, rows / ROWS_AN_ANNOTATOR);
  }

  Block blockOf(long row) {
    long number = row / BLOCK;
    SplittableRandom random = random("block", number);
    // A small world cannot spare so many for one prompt: a tenth then.
    long spacing = Math.max(10, rows / BLOCK / POPULAR_BLOCKS);
    long prompt = number % spacing == 0 ? 0 : 1 + random.nextLong(prompts() - 1);
    String kind = kind(random.nextDouble());
    return new Block(number, prompt, kind, sample(responses(prompt), random));
  }

  private static String kind(double u) {
    return u < 0.15
        ? "ranking"
        : u < 0.55 ? "choice" : u < 0.75 ? "rating" : u < 0.9 ? "binary" : "critique";
  }

  /** How many responses there are to a prompt. */
  private int responses(long prompt) {
    return prompt == 0 ? POPULAR_RESPONSES : BLOCK + random("responses", prompt).nextInt(4);
  }

  private static int[] sample(int of, SplittableRandom random) {
    int[] all = new int[of];
    for (int i = 0; i < of; i++) {
      all[i] = i;
    }
    int[] sample = new int[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      int j = i + random.nextInt(of - i);
      sample[i] = all[j];
      all[j] = all[i];
    }
    return sample;
  }

  /** Who gave row {@code row}; empty if nobody is named. */
  Optional<Judge> judge(Block block, long row) {
    SplittableRandom random =
        block.ofOne() ? random("judge of block", block.number()) : random("judge", row);
    if (random.nextDouble() < ANONYMOUS) {
      return Optional.empty();
    }
    return Optional.of(annotator(annotatorNumber(random)));
  }

  private long annotatorNumber(SplittableRandom random) {
    if (random.nextDouble() < HEAVY) {
      return 0;
    }
    double u = random.nextDouble();
    return 1 + (long) ((annotators() - 1) * StrictMath.pow(u, 1 / (1 - ZIPF)));
  }

  /** What the {@code number}-th annotator is like: one in six does not look at all. */
  Judge annotator(long number) {
    SplittableRandom random = random("annotator", number);
    boolean careless = number > 0 && random.nextInt(6) == 0;
    double attention = careless ? 0.1 * random.nextDouble() : 0.6 + 0.4 * random.nextDouble();
    return new Judge(
        "ann-%06d".formatted(number),
        "group-" + random.nextInt(4),
        attention,
        random.nextDouble() - 0.5,
        random.nextInt(5) == 0 ? 0.5 : 0);
  }

  String model(int response) {
    return "model-" + response % MODELS;
  }

  /** True quality: standard normal, and the better the later the model. */
  double quality(long prompt, int response) {
    double ofModel = 0.3 * (response % MODELS);
    return ofModel + random("quality " + response, prompt).nextGaussian();
  }
}
