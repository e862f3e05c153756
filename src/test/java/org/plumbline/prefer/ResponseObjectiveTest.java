package org.plumbline.prefer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.objective.BcoLoss;
import org.plumbline.objective.KtoLoss;
import org.plumbline.objective.UnpairedLoss;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

class ResponseObjectiveTest {
  private static final double BETA = 0.1;
  private static final int[] PROMPT = {2, 3};

  @TempDir Path folder;
  private TinyModel model;

  @BeforeEach
  void writeModel() {
    model = TinyModel.write(folder.resolve("model"), 6);
  }

  private double logprob(int[] response) {
    if (response.length == 0) {
      return 0;
    }
    try (LoadedModel loaded = model.load(Head.NONE);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      TokenBatch batch = TokenBatch.of(List.of(new Sequence(PROMPT, response)), step);
      return loaded.decoder().logprobs(loaded.flat(), batch, 1).sum().getFloat();
    }
  }

  /** A response that has become likelier by {@code nats}, and a mismatched one by {@code other}. */
  private JudgedResponse judged(
      boolean desirable, double nats, int[] mismatched, double other, double weight) {
    int[] response = desirable ? new int[] {4, 5, 6, 0} : new int[] {7, 0};
    return new JudgedResponse(
        desirable,
        PROMPT,
        response,
        mismatched,
        desirable ? 1 : 0,
        weight,
        logprob(response) - nats,
        logprob(mismatched) - other);
  }

  private Map<String, Double> figures(UnpairedLoss loss, JudgedResponse... responses) {
    Map<String, Double> whole = figures(loss, responses.length, responses);
    Map<String, Double> one = figures(loss, 1, responses);
    assertThat(one.keySet()).isEqualTo(whole.keySet());
    one.forEach((name, each) -> assertThat(each).as(name).isCloseTo(whole.get(name), within(1e-5)));
    return whole;
  }

  private Map<String, Double> figures(
      UnpairedLoss loss, int microBatchSize, JudgedResponse... responses) {
    return TinyRun.in(folder.resolve("run"))
        .firstStep(model, new ResponseObjective(loss), List.of(responses), microBatchSize);
  }

  private static double s(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void ktoComparesWithResponsesToOtherPrompts() {
    int[] other = {9, 8, 0};
    Map<String, Double> figures =
        figures(
            new KtoLoss(BETA, 2, 1),
            judged(true, 5, other, 3, 1),
            judged(false, 1, other, 1, 3),
            judged(true, 5, new int[0], 0, 1));
    // z is 2, of the two that have a mismatched response
    double desirable = 2 * (1 - s(BETA * 3));
    double expected = (2 * desirable + 3 * (1 - s(BETA))) / 5;
    assertThat(figures.get("shift")).isCloseTo(2, within(1e-4));
    assertThat(figures.get("loss")).isCloseTo(expected, within(1e-5));
    assertThat(figures.get("accuracy")).isEqualTo(1);
    assertThat(figures.get("chosen_reward")).isCloseTo(0.5, within(1e-5));
    assertThat(figures.get("rejected_reward")).isCloseTo(0.1, within(1e-5));
    // of two desirable responses and one that is not
    assertThat(figures.get("margin")).isCloseTo(0.4, within(1e-5));
  }

  @Test
  void ktoNeverShiftsBelowZero() {
    Map<String, Double> figures =
        figures(new KtoLoss(BETA, 1, 1), judged(true, 0, new int[] {9, 0}, -4, 1));
    assertThat(figures.get("shift")).isZero();
    assertThat(figures.get("loss")).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void bcoShiftsToHalfWayBetweenBothKinds() {
    int[] none = {};
    Map<String, Double> figures =
        figures(new BcoLoss(BETA), judged(true, 5, none, 0, 1), judged(false, 1, none, 0, 1));
    assertThat(figures.get("shift")).isCloseTo(3, within(1e-4));
    assertThat(figures.get("loss")).isCloseTo(-Math.log(s(0.2)), within(1e-5));
    Map<String, Double> alone = figures(new BcoLoss(BETA), judged(true, 5, none, 0, 1));
    assertThat(alone.get("loss")).isCloseTo(Math.log(2), within(1e-5));
  }
}
