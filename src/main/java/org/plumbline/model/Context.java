package org.plumbline.model;

/**
 * How many tokens a decoder can take in.
 *
 * @param tokens of prompt and response together
 * @param key the key of {@code config.json} that says so
 */
public record Context(int tokens, String key) {
  /**
   * As much of this context as a sliding window has no effect in: where attention within the window
   * is attention to all that came before.
   */
  Context within(int window) {
    return window < tokens ? new Context(window, SlidingWindow.KEY) : this;
  }

  /** Whether the model itself would go on where this ends. */
  public boolean isWindow() {
    return key.equals(SlidingWindow.KEY);
  }

  @Override
  public String toString() {
    return tokens + " (" + key + ")";
  }
}
