package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.objective.DpoLoss;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.PairBatch;
import org.plumbline.train.TokenPair;

class PreferenceObjectiveTest {
  private static final double BETA = 0.1;
  private static final List<TokenPair> PAIRS =
      List.of(
          new TokenPair(new int[] {2, 3}, new int[] {4, 5, 6, 0}, new int[] {7, 0}, 1, 1),
          new TokenPair(new int[] {8, 9, 10}, new int[] {11, 0}, new int[] {12, 13, 0}, 0.8, 3));

  @TempDir Path folder;

  /** The pairs, with a reference that makes chosen responses likelier by {@code chosen} nats. */
  private static List<ReferencedPair> referenced(TinyModel model, double chosen) {
    try (LoadedModel loaded = model.load(Head.NONE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      PairBatch batch = PairBatch.of(PAIRS, step);
      float[] sums =
          loaded
              .decoder()
              .logprobs(loaded.flat(), batch.tokens(), 1)
              .sum(new int[] {1})
              .toFloatArray();
      List<ReferencedPair> pairs = new ArrayList<>();
      for (int i = 0; i < PAIRS.size(); i++) {
        pairs.add(new ReferencedPair(PAIRS.get(i), sums[i] + chosen, sums[PAIRS.size() + i]));
      }
      return pairs;
    }
  }

  private Map<String, Double> figures(double chosen) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 6);
    return TinyRun.in(folder.resolve("run"))
        .firstStep(
            model, new PreferenceObjective(new DpoLoss(BETA), 0), referenced(model, chosen), 2);
  }

  @Test
  void aPolicyThatIsItsReferenceHasLossLn2() {
    Map<String, Double> figures = figures(0);
    assertThat(figures.get("loss")).isCloseTo(Math.log(2), within(1e-6));
    for (String name : List.of("margin", "chosen_reward", "rejected_reward")) {
      assertThat(figures.get(name)).as(name).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void aDifferenceToTheReferenceIsWeighedByProbabilityAndWeight() {
    Map<String, Double> figures = figures(-5);
    // every margin is 5 nats, so every logit is 0.5
    double yes = Math.log1p(Math.exp(-0.5));
    double no = Math.log1p(Math.exp(0.5));
    double expected = (yes + 3 * (0.8 * yes + 0.2 * no)) / 4;
    assertThat(figures.get("loss")).isCloseTo(expected, within(1e-5));
    assertThat(figures.get("margin")).isCloseTo(0.5, within(1e-5));
    assertThat(figures.get("chosen_reward")).isCloseTo(0.5, within(1e-5));
    assertThat(figures.get("rejected_reward")).isCloseTo(0, within(1e-5));
    assertThat(figures.get("accuracy")).isEqualTo(1);
  }
}
