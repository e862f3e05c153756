package org.plumbline.model;

import java.io.Serializable;
import java.util.List;

/**
 * Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685): instead of the weight W [N, K] of a
 * linear layer, train A [r, K] and B [N, r] that make it W + s B A.
 *
 * @param rank r
 * @param alpha s is alpha / r
 * @param rankStabilized s is alpha / sqrt(r) instead (Kalajdzievski 2023, arXiv:2312.03732)
 * @param targets linear layers that have adapters: names of modules, or their last parts, such as
 *     {@code q_proj}; or {@link #ALL_LINEAR} alone
 */
public record Lora(int rank, double alpha, boolean rankStabilized, List<String> targets)
    implements Serializable {
  /** Stands for every linear layer but heads. */
  public static final String ALL_LINEAR = "all-linear";

  /** Checks the numbers. */
  public Lora {
    if (rank < 1) {
      throw new IllegalArgumentException(
          "Invalid rank of adapters: %d (must be at least 1)".formatted(rank));
    }
    targets = List.copyOf(targets);
  }

  /** s, what B A is multiplied by. */
  double scale() {
    return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
  }

  /** Whether the linear layer called {@code module} has adapters. */
  boolean adapts(String module) {
    return targets.stream().anyMatch(target -> isNamed(module, target));
  }

  static boolean isNamed(String module, String target) {
    return target.equals(ALL_LINEAR) || module.equals(target) || module.endsWith("." + target);
  }
}
