package org.plumbline.policy;

import java.util.LinkedHashMap;
import java.util.Map;

/** Signs in an iteration's figures that something is set up wrongly, with the likely cause. */
final class Diagnosis {
  /** Of what is sampled and scored in one precision without filters, it is a hundredth of this. */
  private static final double MISMATCH = 0.02;

  private Diagnosis() {}

  /** What is to be said of {@code figures}, by kind. */
  static Map<String, String> of(Map<String, Double> figures) {
    Map<String, String> signs = new LinkedHashMap<>();
    double kl = figures.get("kl");
    if (kl < -0.5) {
      signs.put(
          "kl",
          ("mean KL is %.2f nats, and a KL is never below 0: completions were not drawn from the"
                  + " policy that they are scored by (top-k, top-p, min-p, repetition-penalty?)")
              .formatted(kl));
    }
    if (figures.getOrDefault("equal_groups", 0.0) == 1) {
      signs.put(
          "equal_groups",
          "all completions of every prompt earned the same, so nothing is learned (is the reward"
              + " constant, or the temperature too low?)");
    }
    double cut = 1 - figures.get("eos_share");
    if (cut > 0.5) {
      signs.put(
          "eos_share",
          ("%.0f %% of completions were cut off (raise generation.max-new-tokens, or set"
                  + " missing-eos-penalty)")
              .formatted(100 * cut));
    }
    double repetition = figures.get(Figures.REPETITION);
    if (repetition > 0.5) {
      signs.put(
          Figures.REPETITION,
          ("%.0f %% of what completions say they have said before (does the reward like what is"
                  + " repeated, or is kl-coef too small?)")
              .formatted(100 * repetition));
    }
    double mismatch = figures.get(Figures.MISMATCH);
    if (mismatch > MISMATCH) {
      signs.put(
          Figures.MISMATCH,
          ("log-probabilities of tokens as they were sampled and as they are scored differ by"
                  + " %.3f nats on average, which ratios do not correct for (filters of sampling,"
                  + " or another precision?)")
              .formatted(mismatch));
    }
    return signs;
  }
}
