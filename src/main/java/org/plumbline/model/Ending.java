package org.plumbline.model;

/**
 * When a completion is over.
 *
 * @param minNewTokens no stop is drawn before there are so many tokens
 * @param maxNewTokens a completion is cut off after so many, or where the context ends
 * @param stops ids that end a completion; they are its last token
 */
public record Ending(int minNewTokens, int maxNewTokens, long[] stops) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is out of bounds
   */
  public Ending {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "Invalid max-new-tokens: %d (must be >= 1)".formatted(maxNewTokens));
    }
    if (minNewTokens < 0 || minNewTokens > maxNewTokens) {
      throw new IllegalArgumentException(
          "Invalid min-new-tokens: %d (must be >= 0 and <= max-new-tokens, %d)"
              .formatted(minNewTokens, maxNewTokens));
    }
  }

  /** At a stop, or after {@code maxNewTokens}. */
  public static Ending after(int maxNewTokens, long... stops) {
    return new Ending(0, maxNewTokens, stops);
  }
}
