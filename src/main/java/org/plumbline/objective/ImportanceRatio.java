package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/**
 * How much likelier the policy makes what was sampled, now than when it was sampled: what a policy
 * loss weighs advantages by. On the first pass over fresh completions every ratio is exactly 1.
 */
public sealed interface ImportanceRatio permits TokenRatio, SequenceRatio {
  /** The ratio that each token counts with, of shape [B, T]. */
  NDArray perToken();
}
