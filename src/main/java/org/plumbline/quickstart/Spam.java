package org.plumbline.quickstart;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How somebody answers who does not read at all. */
enum Spam {
  /** Takes whatever stands above, and finds no single reply any good. */
  @JsonProperty("first-shown")
  FIRST_SHOWN {
    @Override
    double utility(int index, int position, Draws draws) {
      return -position;
    }
  },

  /** Gives the same answer to everything. */
  @JsonProperty("same-answer")
  SAME_ANSWER {
    @Override
    double utility(int index, int position, Draws draws) {
      return -index;
    }
  },

  /** Answers at random, and in no time. */
  @JsonProperty("random")
  RANDOM {
    @Override
    double utility(int index, int position, Draws draws) {
      return draws.gumbel();
    }

    @Override
    double seconds(double reading, Draws draws) {
      return Math.round(10 * (0.4 + 0.8 * draws.uniform())) / 10.0;
    }
  };

  /**
   * What a reply is worth to a spammer.
   *
   * @param index its place in the row
   * @param position its place on the screen, from 0
   */
  abstract double utility(int index, int position, Draws draws);

  /** How long it takes, for someone who would otherwise take {@code reading} seconds. */
  double seconds(double reading, Draws draws) {
    return reading;
  }

  String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
