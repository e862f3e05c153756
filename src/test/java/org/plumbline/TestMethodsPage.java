package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.plumbline.config.SettingsReader;

class TestMethodsPage {
  private static final Path PAGE = Path.of("src/site/markdown/methods.md");

  private static List<String> names(List<MethodCard> cards) {
    return cards.stream().map(MethodCard::name).toList();
  }

  /** After a change of methods: {@code mvn test -Dtest=TestMethodsPage -Dplumbline.update=true}. */
  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    if (Boolean.getBoolean("plumbline.update")) {
      Files.writeString(PAGE, MethodsPage.markdown());
    }

    assertThat(Files.readString(PAGE)).isEqualTo(MethodsPage.markdown());
  }

  @Test
  void everyMethodHasACard() {
    assertThat(
            Stream.of(MethodCards.REINFORCEMENT, MethodCards.PAIRS, MethodCards.RESPONSES)
                .flatMap(cards -> names(cards).stream()))
        .containsExactlyInAnyOrderElementsOf(Method.all());
    assertThat(names(MethodCards.REWARD))
        .containsExactlyElementsOf(SettingsReader.choices("reward.loss"));
  }

  @Test
  void cardsSayWhatTheFilesSet() {
    assertThat(section("ipo")).contains("`dpo.loss: ipo`");
    assertThat(section("dpo-alpha"))
        .contains("`dpo.divergence: alpha`", "| `dpo.alpha` | `0.5` | >= 0 and <= 0.999 |");
    assertThat(section("grpo"))
        .contains("`ppo.advantage-estimator: grpo`", "| `ppo.samples-per-prompt` |");
    assertThat(section("plackett-luce"))
        .contains("`reward.loss: plackett-luce`", "| `reward.batch-by` | `pair` |");
  }

  private static String section(String name) {
    String page = MethodsPage.markdown();
    int start = page.indexOf("\n### " + name + "\n");
    int end = page.indexOf("\n### ", start + 1);
    return page.substring(start, end < 0 ? page.length() : end);
  }
}
