package org.plumbline.policy;

import java.util.List;
import org.plumbline.objective.ReinforcePlusPlus;

/** Next to all other tokens of the batch. */
record ReturnAdvantages(ReinforcePlusPlus equation) implements AdvantageEstimator {
  @Override
  public List<Estimate> of(List<Earned> completions) {
    return equation.of(completions.stream().map(Earned::rewards).toList()).stream()
        .map(Estimate::of)
        .toList();
  }
}
