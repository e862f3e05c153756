package org.plumbline.model;

/**
 * What a policy made of a prompt. Arrays have one entry a token; log-probabilities are in nats.
 *
 * @param tokens the new ids, with the stop if there was one
 * @param policyLogprobs of each token under the plain policy at the sampling temperature: what
 *     scoring the completion gives, and what importance ratios are taken to. Penalty, minimum,
 *     top-k, top-p and min-p are not in it. Of greedy completions at temperature 1
 * @param samplingLogprobs of each token under the distribution that it was drawn from, after all
 *     filters; of greedy completions 0, since they have no choice
 * @param end why it is over
 */
public record Completion(int[] tokens, float[] policyLogprobs, float[] samplingLogprobs, End end) {

  /** Why a completion is over. */
  public enum End {
    /** It drew a stop. */
    STOP,
    /** It has all the tokens it may have. */
    LENGTH,
    /** Whoever watched it had enough. */
    WATCHER
  }
}
