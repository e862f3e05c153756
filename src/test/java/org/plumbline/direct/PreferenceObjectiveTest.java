package org.plumbline.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.config.SettingsReader;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
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
            model,
            new PreferenceObjective(new DpoLoss(BETA), 0, PairSums.PLAIN, false, 1),
            referenced(model, chosen),
            2);
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

  /** The same, summed in another way, beside what a model that is asked itself says. */
  private Map<String, Double> figures(PairSums sums, boolean weighted, double sftCoef) {
    TinyModel model = TinyModel.write(folder.resolve("model"), 6);
    return TinyRun.in(folder.resolve("run"))
        .firstStep(
            model,
            new PreferenceObjective(new DpoLoss(BETA), sftCoef, sums, weighted, 1),
            PAIRS.stream().map(pair -> new ReferencedPair(pair, 0, 0)).toList(),
            2);
  }

  /** Log-probabilities of each response's tokens under the model. */
  private List<double[]> perToken(TinyModel model, boolean squares) {
    List<double[]> all = new ArrayList<>();
    try (LoadedModel loaded = model.load(Head.NONE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      for (TokenPair pair : PAIRS) {
        for (Sequence sequence : List.of(pair.chosenSequence(), pair.rejectedSequence())) {
          NDArray ids = TokenBatch.of(List.of(sequence), step).ids();
          NDArray logp = loaded.decoder().logits(loaded.flat(), ids).logSoftmax(-1);
          int prompt = sequence.prompt().length;
          double[] words = new double[sequence.response().length];
          for (int t = 0; t < words.length; t++) {
            NDArray next = logp.get(0).get(prompt + t - 1);
            words[t] =
                squares
                    ? Math.log(next.mul(2).exp().sum().getFloat())
                    : next.getFloat(sequence.response()[t]);
          }
          all.add(words);
        }
      }
    }
    return all;
  }

  private static double sum(double[] values, int beyond, double alpha) {
    double sum = 0;
    for (int t = 0; t < values.length; t++) {
      sum += (t < beyond ? 1 : alpha) * values[t];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"sigmoid,false", "simpo,false", "exo,false", "aot,true", "aot-unpaired,true"})
  void onlyDistributionsOfPairsWantFullMicroBatches(String loss, boolean full) {
    assertThat(objective("dpo.loss=" + loss).comparesExamples()).isEqualTo(full);
    assertThat(objective("dpo.losses=[{loss: bco}, {loss: %s}]".formatted(loss)).comparesExamples())
        .isEqualTo(full);
  }

  private static PreferenceObjective objective(String setting) {
    return PreferenceObjective.of(SettingsReader.read(List.of(), List.of(setting)).dpo(), 1);
  }

  @Test
  void tokensBeyondTheOtherResponseCountLess() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 6);
    List<double[]> words = perToken(model, false);
    Map<String, Double> figures = figures(new PairSums(0.25), false, 1);
    // of four and two tokens, and of two and three
    double first = sum(words.get(0), 2, 0.25) - sum(words.get(1), 4, 0.25);
    double second = sum(words.get(2), 3, 0.25) - sum(words.get(3), 2, 0.25);
    assertThat(figures.get("margin")).isCloseTo(BETA * (first + second) / 2, within(1e-4));
    double yes = Math.log1p(Math.exp(-BETA * first));
    double soft =
        0.8 * Math.log1p(Math.exp(-BETA * second)) + 0.2 * Math.log1p(Math.exp(BETA * second));
    // likelihoods are of all tokens all the same
    double nll = -sum(words.get(0), 9, 0) / 4 - 3 * sum(words.get(2), 9, 0) / 2;
    assertThat(figures.get("loss")).isCloseTo((yes + 3 * soft + nll) / 4, within(1e-4));
  }

  @Test
  void pairsWeighByWhatThePolicyWouldSay() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 6);
    List<double[]> words = perToken(model, false);
    List<double[]> squares = perToken(model, true);
    double[] weights = new double[2];
    for (int i = 0; i < 2; i++) {
      double log = 0;
      for (int side = 2 * i; side < 2 * i + 2; side++) {
        int tokens = words.get(side).length;
        log += (sum(words.get(side), 9, 0) - sum(squares.get(side), 9, 0)) / tokens;
      }
      weights[i] = Math.min(1, Math.exp(log));
    }
    assertThat(figures(PairSums.PLAIN, true, 0).get("wpo_weight"))
        .isCloseTo((weights[0] + weights[1]) / 2, within(1e-5));
  }
}
