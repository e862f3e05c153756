package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.TinyModel;

/** Values are those published beside the models, worked out in double precision elsewhere. */
class TestLogprobsCommand {
  private static final String STORIES = "data/models/stories260K-hf";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int logprobs(String... args) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of("logprobs"));
    all.addAll(List.of(args));
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new ConsoleProgress.Screen(errors, false, 80));
    return Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console, all.toArray(new String[0]));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out());
  }

  @Test
  void ofALlama() throws IOException {
    String model = SharedData.path(STORIES).toString();
    String ids = "1,291,376,400,428,286,393,426,346";
    assertThat(logprobs("--model", model, "--ids", ids, "--json")).isZero();
    double[] expected = {
      -6.601167, -4.318153, -3.901601, -0.055509, -0.754257, -6.29851, -1.428838, -0.383542
    };
    JsonNode logprobs = json().get("logprobs");
    assertThat(logprobs).hasSize(8);
    for (int i = 0; i < 8; i++) {
      assertThat(logprobs.get(i).asDouble()).isCloseTo(expected[i], within(1e-4));
    }
    assertThat(json().get("sum").asDouble()).isCloseTo(-23.741578, within(1e-4));
    assertThat(json().get("next").asInt()).isEqualTo(381);
    assertThat(json().get("ids").toString()).isEqualTo("[" + ids + "]");
  }

  @Test
  void ofAGpt2() throws IOException {
    String model = SharedData.path("data/models/tiny-random-gpt2").toUri().toString();
    assertThat(logprobs("--model", model, "--ids", "40,416,79,206,750", "--json")).isZero();
    assertThat(json().get("sum").asDouble()).isCloseTo(-27.457769, within(1e-4));
  }

  @Test
  void ofAText() throws IOException {
    String model = SharedData.path(STORIES).toString();
    assertThat(logprobs("--model", model, "--text", "Once upon a time", "--json")).isZero();
    assertThat(json().get("ids").toString()).isEqualTo("[1,403,407,261,378]");
    double sum = json().get("sum").asDouble();
    assertThat(logprobs("--model", model, "--text", "Once upon a time")).isZero();
    assertThat(out().lines())
        .hasSize(7)
        .anyMatch(line -> line.matches(" +403 +-\\d+\\.\\d{6}  \"Once\""))
        .anyMatch(line -> line.equals("     sum %12.6f".formatted(sum)));
  }

  @Test
  void whatIsWrongIsSaidInOneLine() {
    String model = TinyModel.write(folder, 1).uri();
    assertThat(logprobs("--model", model)).isEqualTo(2);
    assertThat(err()).startsWith("plumbline logprobs: Give one of --text and --ids (see");
    assertThat(logprobs("--model", model, "--ids", "1,2", "--text", "a")).isEqualTo(2);
    assertThat(err()).startsWith("plumbline logprobs: Give one of --text and --ids (see");
    int words = TinyModel.vocabularySize();
    assertThat(logprobs("--model", model, "--ids", "1," + words)).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "plumbline logprobs: Invalid token id: %d (must be >= 0 and < %d)\n"
                .formatted(words, words));
    assertThat(logprobs("--model", model, "--ids", "1,cat")).isEqualTo(2);
    assertThat(logprobs("--model", model, "--text", "cat ".repeat(65))).isEqualTo(1);
    assertThat(err())
        .startsWith("plumbline logprobs: Cannot take in 65 tokens: the context has 64");
    assertThat(logprobs("--model", folder.resolve("none").toString(), "--ids", "1,2")).isEqualTo(1);
    assertThat(err()).startsWith("plumbline logprobs: Cannot ").hasLineCount(1);
  }

  /** After as many tokens as the context has, there is no next one. */
  @Test
  void aTextMayFillTheContext() throws IOException {
    String model = TinyModel.write(folder, 1).uri();
    assertThat(logprobs("--model", model, "--text", "cat ".repeat(64), "--json")).isZero();
    assertThat(json().get("logprobs")).hasSize(63);
    assertThat(json().has("next")).isFalse();
  }
}
