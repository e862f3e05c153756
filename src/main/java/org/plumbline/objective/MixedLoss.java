package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import java.io.Serializable;
import java.util.List;

/**
 * A weighted sum of losses of pairs, such as that of mixed preference optimisation (Wang et al.
 * 2024, arXiv:2411.10442, eq. 1), which has DPO, BCO and the likelihood of what was chosen.
 *
 * <p>{@code sum over m of w_m l_m}. Implicit rewards are those of the first.
 */
public record MixedLoss(List<Part> parts) implements PreferenceLoss {
  /**
   * One of the losses.
   *
   * @param weight w, above 0
   */
  public record Part(PreferenceLoss loss, double weight) implements Serializable {
    /**
     * Takes a loss and its weight.
     *
     * @throws IllegalArgumentException if the weight is not above 0
     */
    public Part {
      Require.positive("weight", weight);
    }
  }

  /**
   * Takes the losses.
   *
   * @throws IllegalArgumentException if there is none
   */
  public MixedLoss {
    Require.atLeast("losses of a mixture", parts.size(), 1);
    parts = List.copyOf(parts);
  }

  @Override
  public NDArray perPair(PairLogProbs batch, NDArray probability) {
    return parts.stream()
        .map(part -> Scalar.times(part.loss().perPair(batch, probability), part.weight()))
        .reduce(NDArray::add)
        .orElseThrow();
  }

  @Override
  public double beta() {
    return parts.get(0).loss().beta();
  }

  @Override
  public NDArray reward(ResponseLogProbs response) {
    return parts.get(0).loss().reward(response);
  }

  @Override
  public boolean comparesPairs() {
    return parts.stream().anyMatch(part -> part.loss().comparesPairs());
  }

  @Override
  public boolean needsReference() {
    return parts.stream().anyMatch(part -> part.loss().needsReference());
  }
}
