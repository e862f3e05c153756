package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plumbline.config.SettingsReader;

class ControlTest {
  private static Control control(String... sets) {
    return new Control(SettingsReader.read(List.of(), List.of(sets)).ppo());
  }

  private static Map<String, Double> figures(double gold, double error, double score) {
    Map<String, Double> figures =
        new TreeMap<>(Map.of("gold", gold, "gold_error", error, "score", score));
    figures.putAll(Map.of("rlhf_reward", score, "kl", 1.0, "entropy", 1.0, "grad_norm", 1.0));
    figures.putAll(Map.of("clip_fraction", 0.1, "eos_share", 1.0));
    figures.putAll(Map.of(Figures.REPETITION, 0.0, Figures.MISMATCH, 0.0));
    return figures;
  }

  private static Control.Verdict last(
      Control control, double error, double[] gold, double... score) {
    Control.Verdict verdict = Control.Verdict.GO_ON;
    for (int i = 0; i < gold.length; i++) {
      assertThat(verdict).isEqualTo(Control.Verdict.GO_ON);
      verdict = control.after(i + 1, figures(gold[i], error, score[i]));
    }
    return verdict;
  }

  @Test
  void goldThatFallsWhileTheScoreRisesIsToldBeforeAQuarterOfItsGainIsLost() {
    double[] gold = {0, 0.5, 0.9, 1, 0.98, 0.89};
    Control control = control("ppo.control.gold=g", "ppo.control.window=1");
    Control.Verdict verdict = last(control, 0.01, gold, 0, 1, 2, 3, 4, 5);
    assertThat(verdict.action()).isEqualTo(Control.Action.GO_ON);
    assertThat(verdict.reason())
        .isEqualTo(
            "the reward is being hacked: since iteration 4 gold fell from 1.000 to 0.8900 while the"
                + " score rose from 3.000 to 5.000");
    assertThat(control.best()).isEqualTo(3);
    assertThat(control.worth()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0.06, 5, within chance", "0.01, 2, the score fell too"})
  void goldThatFallsIsNoAlarmByItself(double error, double score, String why) {
    double[] gold = {0, 0.5, 0.9, 1, 0.98, 0.89};
    Control control = control("ppo.control.gold=g", "ppo.control.window=1");
    assertThat(last(control, error, gold, 0, 1, 2, 3, 4, score)).isEqualTo(Control.Verdict.GO_ON);
  }

  @Test
  void gettingBetterAndWorseIsSeenInAverages() {
    double[] gold = {0, 1, 5, 1, 2, 2, 2};
    Control control = control("ppo.control.gold=g");
    last(control, 10, gold, 0, 1, 2, 3, 4, 5, 6);
    assertThat(control.best()).isEqualTo(4); // (5 + 1 + 2) / 3
  }

  @ParameterizedTest
  @CsvSource({
    "kl, 51, kl is 51.00 (must be at most 50.0)",
    "entropy, 0.001, entropy is 0.001000 (must be at least 0.01)",
    "grad_norm, 1e4, grad_norm is 1.000e+04 (must be at most 1000.0)",
    "value_loss, NaN, value_loss is NaN (must be at most 1000.0)",
    "clip_fraction, 0.9, clip_fraction is 0.9000 (must be at most 0.8)"
  })
  void whatLeavesItsBoundsIsNamed(String name, double value, String reason) {
    Map<String, Double> figures = figures(0, 0, 0);
    figures.put(name, value);
    Control.Verdict verdict = control().after(1, figures);
    assertThat(verdict.action()).isEqualTo(Control.Action.GO_ON);
    assertThat(verdict.alarms()).extracting(Control.Alarm::kind).containsExactly(name);
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(control("ppo.control.action=stop").after(1, figures).action())
        .isEqualTo(Control.Action.STOP);
  }

  @Test
  void anAlarmIsToldAsItBeginsAndWhenItIsTwiceAsBad() {
    Control control = control("ppo.control.max-kl=10");
    Notices notices = new Notices(control);
    List<String> told = new ArrayList<>();
    for (double kl : new double[] {1, 11, 12, 21, 22, 30, Double.NaN, Double.NaN, 1, 11}) {
      Map<String, Double> figures = figures(0, 0, 0);
      figures.put("kl", kl);
      told.add(String.join(", ", notices.after(figures, control.after(told.size() + 1, figures))));
    }
    assertThat(told)
        .containsExactly(
            "",
            "kl is 11.00 (must be at most 10.0)",
            "",
            "",
            "kl is 22.00 (must be at most 10.0)",
            "",
            "kl is NaN (must be at most 10.0)",
            "",
            "",
            "kl is 11.00 (must be at most 10.0)");
  }

  /** An alarm that lasts does not hide another. */
  @Test
  void eachKindOfAlarmIsToldForItself() {
    Control control = control("ppo.control.max-kl=10");
    Notices notices = new Notices(control);
    List<List<String>> told = new ArrayList<>();
    for (double norm : new double[] {1, 2000, 2100}) {
      Map<String, Double> figures = figures(0, 0, 0);
      figures.put("kl", 11.0);
      figures.put("grad_norm", norm);
      told.add(notices.after(figures, control.after(told.size() + 1, figures)));
    }
    assertThat(told)
        .containsExactly(
            List.of("kl is 11.00 (must be at most 10.0)"),
            List.of("grad_norm is 2000 (must be at most 1000.0)"),
            List.of());
  }

  @Test
  void whatIsDoneAboutAnAlarmIsToldEachTime() {
    Control control = control("ppo.control.max-kl=10", "ppo.control.action=rollback");
    Notices notices = new Notices(control);
    control.after(1, figures(0, 0, 1));
    control.after(2, figures(0, 0, 2));
    Map<String, Double> wild = figures(0, 0, 0);
    wild.put("kl", 11.0);
    assertThat(notices.after(wild, control.after(3, wild)))
        .containsExactly(
            "kl is 11.00 (must be at most 10.0); going on from iteration 1 at 0.5 of the learning rate");
    assertThat(notices.after(wild, control.after(4, wild)))
        .containsExactly(
            "kl is 11.00 (must be at most 10.0); going on from iteration 1 at 0.25 of the learning rate");
  }

  @Test
  void aRollbackGoesToTheBestAtHalfTheRateAndThereIsAnEndToThat() {
    Control control = control("ppo.control.action=rollback", "ppo.control.max-rollbacks=1");
    Map<String, Double> wild = figures(0, 0, 9);
    wild.put("kl", 99.0);
    control.after(1, figures(0, 0, 1));
    control.after(2, figures(0, 0, 2));
    control.after(3, figures(0, 0, 0));
    assertThat(control.best()).isEqualTo(1);
    assertThat(control.after(4, wild).action()).isEqualTo(Control.Action.ROLL_BACK);
    assertThat(control.rate()).isEqualTo(0.5);
    assertThat(control.after(5, wild).action()).isEqualTo(Control.Action.STOP);
  }
}
