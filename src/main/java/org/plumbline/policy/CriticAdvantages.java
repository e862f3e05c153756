package org.plumbline.policy;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.objective.GeneralizedAdvantage;
import org.plumbline.objective.Whitening;

/** Next to what a critic expected, whitened over all tokens. */
record CriticAdvantages(GeneralizedAdvantage equation) implements AdvantageEstimator {
  @Override
  public List<Estimate> of(List<Earned> completions) {
    List<GeneralizedAdvantage.Advantages> found =
        completions.stream().map(each -> equation.of(each.rewards(), each.values())).toList();
    Whitening whitening =
        Whitening.over(found.stream().map(GeneralizedAdvantage.Advantages::advantages).toList());
    List<Estimate> estimates = new ArrayList<>();
    for (GeneralizedAdvantage.Advantages each : found) {
      estimates.add(new Estimate(whitening.of(each.advantages()), each.returns()));
    }
    return estimates;
  }
}
