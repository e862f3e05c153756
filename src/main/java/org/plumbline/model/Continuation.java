package org.plumbline.model;

import java.util.Arrays;

/** A completion in the making. */
final class Continuation {
  /** A token with its log-probabilities, as {@link Completion} has them. */
  record Token(int id, float policyLogprob, float samplingLogprob) {}

  private final int index;
  private final int[] prompt;
  private final float[] uniforms;
  private final int[] tokens;
  private final float[] policyLogprobs;
  private final float[] samplingLogprobs;
  private int count;
  private Completion.End end;

  /**
   * Nothing yet after {@code prompt}.
   *
   * @param index of the prompt among those asked for
   * @param room how many tokens there may be
   */
  Continuation(int index, int[] prompt, int room) {
    this.index = index;
    this.prompt = prompt;
    this.uniforms = new float[room];
    this.tokens = new int[room];
    this.policyLogprobs = new float[room];
    this.samplingLogprobs = new float[room];
  }

  int index() {
    return index;
  }

  int[] prompt() {
    return prompt;
  }

  /** One number a token. */
  float[] uniforms() {
    return uniforms;
  }

  /** Tokens that are there, the prompt's included. */
  int length() {
    return prompt.length + count;
  }

  /** New tokens that are there. */
  int count() {
    return count;
  }

  /** New tokens that may still come. */
  int room() {
    return tokens.length - count;
  }

  void add(Token token) {
    tokens[count] = token.id();
    policyLogprobs[count] = token.policyLogprob();
    samplingLogprobs[count] = token.samplingLogprob();
    count++;
  }

  void end(Completion.End reason) {
    end = reason;
  }

  boolean isOver() {
    return end != null;
  }

  Completion completion() {
    return new Completion(
        Arrays.copyOf(tokens, count),
        Arrays.copyOf(policyLogprobs, count),
        Arrays.copyOf(samplingLogprobs, count),
        end);
  }
}
