package org.plumbline.model;

/** A prompt and a response as token ids; the response carries its end token. */
public record Sequence(int[] prompt, int[] response) {
  /** Tokens in all. */
  public int length() {
    return prompt.length + response.length;
  }
}
