package org.plumbline.model;

/**
 * How the next token is drawn. Logits go through what is set here in the order that Hugging Face
 * transformers has: the repetition penalty, then (see {@link Ending}) the ban on stops before the
 * minimum of tokens, then temperature, top-k, top-p, min-p. What is left is drawn from by inverse
 * CDF, in the order of ids, with one uniform number a token.
 *
 * @param temperature divides the logits; 0 takes the most probable token, whatever top-k, top-p and
 *     min-p say
 * @param topK only so many most probable tokens can be drawn; 0 for all. Of equal ones at the edge
 *     some are left out
 * @param topP only the fewest most probable tokens that together have this probability can be drawn
 *     (Holtzman et al. 2020, arXiv:1904.09751), at least one; 1 for all
 * @param minP only tokens with at least this share of the greatest probability can be drawn (Nguyen
 *     et al. 2024, arXiv:2407.01082); 0 for all
 * @param repetitionPenalty divides positive logits and multiplies negative ones of every token that
 *     is in the prompt or the completion (Keskar et al. 2019, arXiv:1909.05858); 1 for none
 */
public record Sampling(
    double temperature, int topK, double topP, double minP, double repetitionPenalty) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is out of bounds
   */
  public Sampling {
    require(temperature >= 0, "temperature", temperature, ">= 0");
    require(topK >= 0, "top-k", topK, ">= 0");
    require(topP >= 0 && topP <= 1, "top-p", topP, ">= 0 and <= 1");
    require(minP >= 0 && minP <= 1, "min-p", minP, ">= 0 and <= 1");
    require(repetitionPenalty > 0, "repetition-penalty", repetitionPenalty, "> 0");
  }

  /** From all tokens, at {@code temperature}. */
  public static Sampling at(double temperature) {
    return new Sampling(temperature, 0, 1, 0, 1);
  }

  private static void require(boolean holds, String name, Number value, String bounds) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be %s)".formatted(name, value, bounds));
    }
  }
}
