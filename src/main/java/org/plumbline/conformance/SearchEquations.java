package org.plumbline.conformance;

import java.util.Arrays;
import java.util.Map;
import org.plumbline.objective.BestOfN;

/** Choosing among completions, without training. */
final class SearchEquations {
  static final Map<String, Equation> ALL =
      Map.of("best-of-n/kl", SearchEquations::kl, "best-of-n/unbiased", SearchEquations::unbiased);

  private SearchEquations() {}

  private static Outputs kl(Given given) {
    return new Outputs()
        .with(
            "kl",
            Arrays.stream(given.wholeNumbers("n")).mapToDouble(n -> new BestOfN(n).kl()).toArray());
  }

  private static Outputs unbiased(Given given) {
    double[] proxy = given.numbers("proxy");
    double[] gold = given.numbers("gold");
    return new Outputs()
        .with(
            "gold",
            Arrays.stream(given.wholeNumbers("n"))
                .mapToDouble(n -> new BestOfN(n).expected(proxy, gold))
                .toArray());
  }
}
