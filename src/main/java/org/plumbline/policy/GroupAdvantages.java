package org.plumbline.policy;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.objective.GroupAdvantage;

/**
 * Next to the other completions of the same prompt: every token of a completion has the same
 * advantage.
 *
 * @param samples completions of each prompt
 */
record GroupAdvantages(GroupAdvantage equation, int samples) implements AdvantageEstimator {
  @Override
  public List<Estimate> of(List<Earned> completions) {
    List<float[]> advantages =
        equation.of(Groups.of(completions, samples).stream().map(GroupAdvantages::totals).toList());
    List<Estimate> estimates = new ArrayList<>();
    for (int i = 0; i < completions.size(); i++) {
      float advantage = advantages.get(i / samples)[i % samples];
      estimates.add(Estimate.of(advantage, completions.get(i).rewards().length));
    }
    return estimates;
  }

  private static float[] totals(List<Earned> group) {
    float[] totals = new float[group.size()];
    for (int i = 0; i < totals.length; i++) {
      totals[i] = (float) group.get(i).total();
    }
    return totals;
  }
}
