package org.plumbline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files people start from. */
class TestConf {
  private static final Path CONF = Path.of("conf");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileLoadsAndSaysHowItIsLaunched(Path file) throws IOException {
    SettingsReader.read(List.of(source(file)), List.of());

    assertThat(Files.readString(file)).startsWith("# ").contains("jobs/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "feedback",
        "curate",
        "tokens",
        "sft",
        "reward",
        "ppo",
        "dpo",
        "evaluate",
        "plan",
        "compare",
        "best-of"
      })
  void aSectionsFileSpellsOutEveryDefault(String section) throws IOException {
    SettingsSource source = source(CONF.resolve(section + ".yaml"));
    List<String> problems = new ArrayList<>();
    List<String> written =
        YamlEntries.read(source, problems).stream().map(SettingEntry::key).toList();

    assertThat(problems).isEmpty();
    assertThat(written)
        .containsExactlyInAnyOrderElementsOf(
            SettingKey.of(Settings.class).stream()
                .filter(key -> key.section().equals(section))
                .map(SettingKey::name)
                .toList());
    assertThat(SettingsReader.read(List.of(source), List.of()))
        .isEqualTo(SettingsReader.read(List.of(), List.of()));
  }

  @Test
  void ppoHasTheSettingsOfTheLesson() throws IOException {
    PpoSettings ppo =
        SettingsReader.read(List.of(source(CONF.resolve("ppo.yaml"))), List.of()).ppo();

    assertThat(ppo.batchSize()).isEqualTo(8);
    assertThat(ppo.miniBatchSize()).isEqualTo(1);
    assertThat(ppo.learningRate()).isEqualTo(1.41e-5);
    assertThat(ppo.entropyCoef()).isEqualTo(0.01);
    assertThat(ppo.klCoef()).isEqualTo(0.2);
    assertThat(ppo.clipRange()).isEqualTo(0.2);
  }

  /** After a change of settings: {@code mvn test -Dtest=TestConf -Dplumbline.update=true}. */
  @Test
  void theSitesPageListsEverySetting() throws IOException {
    Path page = Path.of("src/site/markdown/configuration.md");
    String tables = SettingsReader.markdown();
    String text = Files.readString(page);
    String intro = text.substring(0, text.indexOf("\n## "));
    if (Boolean.getBoolean("plumbline.update")) {
      Files.writeString(page, intro + tables);
    }

    assertThat(Files.readString(page)).endsWith(tables);
  }

  private static SettingsSource source(Path file) throws IOException {
    return new SettingsSource(file.toString(), Files.readString(file));
  }
}
