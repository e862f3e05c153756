package org.plumbline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSettingsReader {
  record Inner(
      @Setting(value = "1e-6", min = 0, exclusive = true, doc = "small") double rate,
      @Setting(
              value = "linear",
              oneOf = {"constant", "linear"},
              doc = "shape")
          String shape) {}

  record Outer(
      @Setting(value = "7", doc = "seed") long seed,
      @Setting(value = "false", doc = "switch") boolean loudMode,
      @Setting(value = "3", min = 1, max = 9, doc = "count") int stepCount,
      @Setting(value = "", doc = "text") String inputPath,
      Inner ppo) {}

  @Test
  void defaultsComeFromTheAnnotations() {
    assertThat(read("")).isEqualTo(new Outer(7, false, 3, "", new Inner(1e-6, "linear")));
  }

  @Test
  void everyKeyCanBeGiven() {
    Outer read =
        read(
            """
            seed: 9_000_000_000
            loud-mode: true
            step-count: 4
            input-path: hdfs://node/a b
            ppo:
              rate: 2.5e-3
              shape: constant
            """);

    assertThat(read)
        .isEqualTo(
            new Outer(9_000_000_000L, true, 4, "hdfs://node/a b", new Inner(2.5e-3, "constant")));
  }

  @Test
  void readsNumbersThatYamlTakesForWords() {
    assertThat(read("ppo:\n  rate: 1e-5").ppo().rate()).isEqualTo(1e-5);
    assertThat(read("ppo:\n  rate: 1E-5").ppo().rate()).isEqualTo(1e-5);
    assertThat(read("ppo:\n  rate: \"0.5\"").ppo().rate()).isEqualTo(0.5);
    assertThat(read("seed: 1e3").seed()).isEqualTo(1000);
  }

  @Test
  void keepsTextAsItWasWritten() {
    assertThat(read("input-path: 1.10").inputPath()).isEqualTo("1.10");
    assertThat(read("input-path: no").inputPath()).isEqualTo("no");
    assertThat(read("input-path:").inputPath()).isEmpty();
  }

  @Test
  void emptySectionsAndEmptyFilesChangeNothing() {
    assertThat(read("ppo:\n# nothing\n")).isEqualTo(read(""));
    assertThat(read("---\n")).isEqualTo(read(""));
  }

  @Test
  void laterFilesWinAndSetsWinOverFiles() {
    SettingsSource first = new SettingsSource("a.yaml", "seed: 1\nstep-count: 2\nloud-mode: true");
    SettingsSource second = new SettingsSource("b.yaml", "seed: 3\nstep-count: 4");

    Outer read =
        SettingsReader.read(
            Outer.class, List.of(first, second), List.of("seed=5", "seed=6", "input-path=a=b"));

    assertThat(read).isEqualTo(new Outer(6, true, 4, "a=b", new Inner(1e-6, "linear")));
  }

  @Test
  void suggestsTheNearestKey() {
    assertThat(problems("ppo:\n  raet: 1"))
        .containsExactly("Invalid key: ppo.raet (did you mean ppo.rate?) at x.yaml:2");
    assertThat(problems("", "pppo.rate=1"))
        .containsExactly("Invalid key: pppo.rate (did you mean ppo.rate?) at --set");
    assertThat(problems("", "zzzz=1"))
        .containsExactly("Invalid key: zzzz (there is no such setting) at --set");
  }

  @Test
  void listsEverythingThatIsWrong() {
    assertThat(
            problems(
                """
                sed: 1
                loud-mode: yes
                step-count: 2.5
                ppo:
                  rate: -1
                  shape: round
                """,
                "step-count=10",
                "seed=many",
                "nonsense"))
        .containsExactly(
            "Invalid --set: nonsense (must be key=value)",
            "Invalid key: sed (did you mean seed?) at x.yaml:1",
            "Invalid loud-mode: yes (must be true or false) at x.yaml:2",
            "Invalid step-count: 2.5 (must be a whole number of at most 2147483647) at x.yaml:3",
            "Invalid ppo.rate: -1 (must be > 0) at x.yaml:5",
            "Invalid ppo.shape: round (must be one of constant, linear) at x.yaml:6",
            "Invalid step-count: 10 (must be >= 1 and <= 9) at --set",
            "Invalid seed: many (must be a whole number of at most 9223372036854775807) at --set");
  }

  @Test
  void theMessageHoldsEveryProblem() {
    assertThat(failure("seed: a\nloud-mode: b").getMessage().lines()).hasSize(2);
  }

  @Test
  void refusesKeysGivenTwice() {
    assertThat(problems("seed: 1\nstep-count: 2\nseed: 1"))
        .containsExactly("Invalid seed: given twice (must be given once) at x.yaml:1 and x.yaml:3");
    assertThat(problems("ppo:\n  rate: 1\nppo:\n  shape: linear"))
        .containsExactly("Invalid ppo: given twice (must be given once) at x.yaml:1 and x.yaml:3");
  }

  @Test
  void readsListsOfWords() {
    SettingsSource file =
        new SettingsSource("x.yaml", "ppo:\n  generation:\n    stop: ['a, b', \"\\n\\n\", 3]");
    Settings settings = SettingsReader.read(List.of(file), List.of());
    assertThat(settings.ppo().generation().stop()).containsExactly("a, b", "\n\n", "3");
    Settings again =
        SettingsReader.read(
            List.of(new SettingsSource("y.yaml", SettingsReader.toYaml(settings))), List.of());
    assertThat(again).isEqualTo(settings);
    for (String set : List.of("[The end, \"\\n\"]", "The end", "[]", "")) {
      List<String> expected =
          set.equals("The end")
              ? List.of("The end")
              : set.length() > 2 ? List.of("The end", "\n") : List.of();
      assertThat(
              SettingsReader.read(List.of(), List.of("ppo.generation.stop=" + set))
                  .ppo()
                  .generation()
                  .stop())
          .isEqualTo(expected);
    }
    for (String set : List.of("[[a]]", "[a", "['']")) {
      List<String> sets = List.of("ppo.generation.stop=" + set);
      assertThatThrownBy(() -> SettingsReader.read(List.of(), sets))
          .isInstanceOf(InvalidSettingsException.class)
          .hasMessageContaining("generation.stop: ");
    }
  }

  @Test
  void readsListsOfSections() {
    SettingsSource file =
        new SettingsSource(
            "x.yaml",
            """
            reward:
              terms:
                - model: trained
                - {function: exact-answer, argument: solution, weight: 1e-1}
                - sql: "-0.01 * greatest(response_tokens - 200, 0)"
            """);
    Settings settings = SettingsReader.read(List.of(file), List.of());
    assertThat(settings.reward().terms())
        .containsExactly(
            new RewardTerm("score", 1, "trained", "", "", ""),
            new RewardTerm("exact_answer", 0.1, "", "exact-answer", "solution", ""),
            new RewardTerm("sql3", 1, "", "", "", "-0.01 * greatest(response_tokens - 200, 0)"));
    Settings again =
        SettingsReader.read(
            List.of(new SettingsSource("y.yaml", SettingsReader.toYaml(settings))), List.of());
    assertThat(again).isEqualTo(settings);
    assertThat(
            SettingsReader.read(List.of(), List.of("reward.terms=[{function: json-valid}]"))
                .reward()
                .terms())
        .extracting(RewardTerm::name)
        .containsExactly("json_valid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[score] | reward.terms[0]: score (must be a section, such as {name: a})",
        "[{modell: a}] | Invalid key: modell (did you mean model?) at reward.terms[0] at --set",
        "[{model: a}] | the name '' of a (must be letters, digits and _)",
        "[{name: a b, model: a}] | the name 'a b' of a (must be letters, digits and _)",
        "[{model: a, sql: b}] | a and b (each must have exactly one of model, function and sql)",
        "[{name: a}] | 'a' (each must have exactly one of model, function and sql)",
        "[{name: score, model: a}] | (score must be what model: trained says)",
        "[{sql: a, argument: b}] | argument b of a (only functions take one)",
        "[{sql: a, weight: heavy}] | Invalid weight: heavy (must be a number)",
        "[{name: x, sql: a}, {name: X, sql: b}] | X (must be the name of one term only)",
        "[{name: x, sql: [a]}] | Invalid sql: a list (must be one value)"
      })
  void refusesSectionsThatCannotBe(String terms, String problem) {
    List<String> sets = List.of("reward.terms=" + terms);
    assertThatThrownBy(() -> SettingsReader.read(List.of(), sets))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesWhatIsNoSetting() {
    assertThat(problems("ppo: 3"))
        .containsExactly("Invalid ppo: 3 (must be a section of key: value lines) at x.yaml:1");
    assertThat(problems("seed: [1, 2]"))
        .containsExactly("Invalid seed: a list (must be one value) at x.yaml:1");
    assertThat(problems("seed:"))
        .containsExactly(
            "Invalid seed: '' (must be a whole number of at most 9223372036854775807) at x.yaml:1");
    assertThat(problems("ppo:\n  rate: .nan"))
        .containsExactly("Invalid ppo.rate: .nan (must be a number) at x.yaml:2");
    assertThat(problems("ppo:\n  rate: 1e999"))
        .containsExactly("Invalid ppo.rate: 1e999 (must be a number) at x.yaml:2");
    assertThat(problems("seed: &a 1\nstep-count: *a"))
        .containsExactly("Invalid step-count: *a (must be written out) at x.yaml:2");
    assertThat(problems("- seed"))
        .containsExactly("Cannot read x.yaml: no section or key: value line in it");
    assertThat(problems("seed: 1\n---\nseed: 2"))
        .singleElement()
        .asString()
        .endsWith(": a second document");
  }

  @Test
  void saysWhereYamlIsBroken() {
    assertThat(problems("seed: 1\nppo: {rate: 1"))
        .singleElement()
        .asString()
        .startsWith("Cannot read x.yaml:2: ");
  }

  @Test
  void oneSettingCanBeChanged() {
    Settings changed = SettingsReader.with(defaults(), "model.path", "target/run/input/model");

    assertThat(changed.model().path()).isEqualTo("target/run/input/model");
    assertThat(SettingsReader.with(changed, "model.path", "")).isEqualTo(defaults());
  }

  @Test
  void yamlIsReadBackAsTheSameSettings() {
    Settings settings =
        SettingsReader.read(
            List.of(),
            List.of("ppo.learning-rate=3e-7", "model.path=a: b # c", "feedback.input=true"));

    String yaml = SettingsReader.toYaml(settings);

    assertThat(SettingsReader.read(List.of(new SettingsSource("run", yaml)), List.of()))
        .isEqualTo(settings);
    assertThat(yaml).startsWith("seed: 0\ncluster:\n  ranks: 1\n");
  }

  @Test
  void describesOneSection() {
    String table = SettingsReader.describe("ppo");

    assertThat(table).contains("  ppo.clip-range ", "(> 0)").doesNotContain("dpo.", "seed");
    assertThat(table.lines()).allMatch(line -> line.length() <= 80);
    assertThat(SettingsReader.describe("seed", "model"))
        .contains("  seed ", "  model.path ")
        .doesNotContain("ppo.");
  }

  @Test
  void describesEverythingIfNoSectionIsNamed() {
    assertThat(SettingKey.of(Settings.class))
        .allSatisfy(key -> assertThat(SettingsReader.describe()).contains("  " + key.name() + " "));
  }

  private static Settings defaults() {
    return SettingsReader.read(List.of(), List.of());
  }

  private static Outer read(String yaml, String... sets) {
    return SettingsReader.read(
        Outer.class, List.of(new SettingsSource("x.yaml", yaml)), Arrays.asList(sets));
  }

  private static List<String> problems(String yaml, String... sets) {
    return failure(yaml, sets).problems();
  }

  private static InvalidSettingsException failure(String yaml, String... sets) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> read(yaml, sets));
  }
}
