package org.plumbline.objective;

import java.io.Serializable;
import java.util.List;

/**
 * Advantages without a critic: completions of one prompt (a group) are compared with each other.
 * Each token of a completion has the completion's advantage.
 */
public sealed interface GroupAdvantage extends Serializable {
  /**
   * The advantage of each completion.
   *
   * @param groups r: rewards of the completions of each prompt; sizes may differ
   * @return in the same order and shape
   * @throws IllegalArgumentException if a group has but one completion, which has nothing to be
   *     compared with
   */
  List<float[]> of(List<float[]> groups);

  /**
   * {@code (r - mean) / (deviation + 1e-4)} within the group, the deviation being unbiased (Shao et
   * al. 2024, arXiv:2402.03300, section 4.1.2).
   */
  record Grpo() implements GroupAdvantage {
    private static final double EPSILON = 1e-4;

    @Override
    public List<float[]> of(List<float[]> groups) {
      return groups.stream().map(Grpo::normalized).toList();
    }

    private static float[] normalized(float[] group) {
      float[] centred = centred(group);
      double variance = Whitening.over(List.of(centred)).variance();
      return scaled(centred, 1 / (Math.sqrt(variance) + EPSILON));
    }
  }

  /**
   * {@code r - mean} within the group: prompts on which rewards hardly differ are not blown up (Dr.
   * GRPO: Liu et al. 2025, arXiv:2503.20783).
   */
  record DrGrpo() implements GroupAdvantage {
    @Override
    public List<float[]> of(List<float[]> groups) {
      return groups.stream().map(GroupAdvantage::centred).toList();
    }
  }

  /**
   * {@code r} less the mean of the group's other completions, an unbiased baseline (RLOO: Ahmadian
   * et al. 2024, arXiv:2402.14740, eq. 8).
   */
  record Rloo() implements GroupAdvantage {
    @Override
    public List<float[]> of(List<float[]> groups) {
      return groups.stream().map(Rloo::leaveOneOut).toList();
    }

    /** {@code r - (n mean - r) / (n - 1) = (r - mean) n / (n - 1)}. */
    private static float[] leaveOneOut(float[] group) {
      return scaled(centred(group), group.length / (group.length - 1.0));
    }
  }

  /**
   * {@code r - mean} within the group, then whitened over all groups (REINFORCE++ with baseline: Hu
   * et al. 2025, arXiv:2501.03262).
   */
  record ReinforcePlusPlusBaseline() implements GroupAdvantage {
    @Override
    public List<float[]> of(List<float[]> groups) {
      List<float[]> centred = groups.stream().map(GroupAdvantage::centred).toList();
      Whitening whitening = Whitening.over(centred);
      return centred.stream().map(whitening::of).toList();
    }
  }

  private static float[] centred(float[] group) {
    Require.atLeast("size of a group", group.length, 2);
    double mean = Mean.of(group);
    float[] centred = new float[group.length];
    for (int i = 0; i < group.length; i++) {
      centred[i] = (float) (group[i] - mean);
    }
    return centred;
  }

  private static float[] scaled(float[] row, double factor) {
    float[] scaled = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      scaled[i] = (float) (row[i] * factor);
    }
    return scaled;
  }
}
