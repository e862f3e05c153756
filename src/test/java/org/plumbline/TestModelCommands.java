package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.SharedData;

/** Published models asked by the command line, against the numbers that came with them. */
class TestModelCommands {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int plumbline(String... args) {
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new ConsoleProgress.Screen(
                new PrintStream(err, true, StandardCharsets.UTF_8), false, 80));
    return Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console, args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String stories() {
    return SharedData.path("data/models/stories260K-hf").toString();
  }

  @Test
  void logprobsOfIds() throws Exception {
    String ids = "1,291,376,400,428,286,393,426,346";
    assertThat(plumbline("logprobs", "--model", stories(), "--ids", ids, "--json")).isZero();

    JsonNode answer = new ObjectMapper().readTree(out());
    double[] expected = {
      -6.601167, -4.318153, -3.901601, -0.055509, -0.754257, -6.29851, -1.428838, -0.383542
    };
    assertThat(new ObjectMapper().convertValue(answer.get("logprobs"), double[].class))
        .containsExactly(expected, within(1e-4));
    assertThat(answer.get("sum").asDouble()).isCloseTo(-23.741578, within(1e-4));
    assertThat(answer.get("next").asInt()).isEqualTo(381);
  }

  @Test
  void logprobsOfAnotherFamily() throws Exception {
    String gpt2 = SharedData.path("data/models/tiny-random-gpt2").toString();
    String ids = "40,416,79,206,750";
    assertThat(plumbline("logprobs", "--model", gpt2, "--ids", ids, "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out()).get("sum").asDouble())
        .isCloseTo(-27.457769, within(1e-4));
  }

  @Test
  void logprobsOfText() throws Exception {
    assertThat(plumbline("logprobs", "--model", stories(), "--text", "Once upon a time")).isZero();
    assertThat(out().lines()).hasSize(8);
    assertThat(out()).contains("     403  ", "  next  ");
  }

  @Test
  void logprobsWantsOneInput() {
    assertThat(plumbline("logprobs", "--model", stories())).isEqualTo(JobCommand.WRONG_USE);
    assertThat(plumbline("logprobs", "--model", stories(), "--ids", "1", "--text", "a"))
        .isEqualTo(JobCommand.WRONG_USE);
    assertThat(out()).isEmpty();
  }

  @Test
  void logprobsRefusesIdsBeyondTheVocabulary() {
    assertThat(plumbline("logprobs", "--model", stories(), "--ids", "1,512"))
        .isEqualTo(JobCommand.FAILED);
    assertThat(err()).contains("plumbline logprobs: Invalid id: 512 (must be >= 0 and < 512)");
  }

  @Test
  void tellsAStory() {
    int code =
        plumbline(
            "generate",
            "--model",
            stories(),
            "--prompt",
            "Once upon a time",
            "--greedy",
            "--max-new-tokens",
            "60");
    assertThat(code).isZero();
    assertThat(out())
        .startsWith(
            ", there was a little girl named Lily. She loved to play outside in the park. "
                + "One day, she saw a big, red ball.");
  }

  @Test
  void stopsBeforeAStopString() {
    int code =
        plumbline(
            "generate",
            "--model",
            stories(),
            "--prompt",
            "Once upon a time",
            "--greedy",
            "--stop",
            " She loved");
    assertThat(code).isZero();
    assertThat(out()).isEqualTo(", there was a little girl named Lily." + System.lineSeparator());
  }

  @Test
  void theSameSeedTellsTheSameStory() {
    for (String seed : List.of("1", "1", "2")) {
      plumbline(
          "generate",
          "--model",
          stories(),
          "--prompt",
          "Tom",
          "--max-new-tokens",
          "12",
          "--seed",
          seed,
          "--top-p",
          "0.9");
    }
    List<String> told = out().lines().toList();
    assertThat(told.get(1)).isEqualTo(told.get(0)).isNotEqualTo(told.get(2));
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(plumbline("generate", "--model", "/nowhere", "--prompt", "a"))
        .isEqualTo(JobCommand.FAILED);
    assertThat(err()).startsWith("plumbline generate: Cannot open model /nowhere");
    err.reset();
    assertThat(plumbline("generate", "--model", stories(), "--prompt", "a", "--top-p", "1.5"))
        .isEqualTo(JobCommand.FAILED);
    assertThat(err()).isEqualTo("plumbline generate: Invalid top-p: 1.5 (must be >= 0 and <= 1)\n");
  }
}
