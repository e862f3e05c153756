package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  private static final Map<String, Double> SOUND =
      Map.of(
          "kl",
          -0.1,
          "eos_share",
          0.9,
          "equal_groups",
          0.5,
          Figures.MISMATCH,
          1e-6,
          "repetition",
          0.1);

  @Test
  void nothingIsSaidOfWhatIsSound() {
    assertThat(Diagnosis.of(SOUND)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kl | -2 | mean KL is -2.00 nats, and a KL is never below 0",
        "equal_groups | 1 | all completions of every prompt earned the same",
        "eos_share | 0.25 | 75 % of completions were cut off",
        "repetition | 0.6 | 60 % of what completions say they have said before",
        "sampling_mismatch | 0.1 | as they were sampled and as they are scored differ by 0.100 nats"
      })
  void aSignComesWithItsLikelyCause(String name, double value, String sign) {
    Map<String, Double> figures = new TreeMap<>(SOUND);
    figures.put(name, value);
    assertThat(Diagnosis.of(figures)).containsOnlyKeys(name);
    assertThat(Diagnosis.of(figures).get(name)).contains(sign).containsPattern("\\(.*\\)$");
  }
}
