package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.TinyModel;

class TestGenerateCommand {
  private static final String STORIES = "data/models/stories260K-hf";
  private static final String STORY =
      ", there was a little girl named Lily. She loved to play outside in the park. One day, she";

  @TempDir Path folder;
  private final List<String> flushed = new ArrayList<>();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ByteArrayOutputStream out =
      new ByteArrayOutputStream() {
        @Override
        public void flush() {
          flushed.add(toString(StandardCharsets.UTF_8));
        }
      };

  private int generate(String... args) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of("generate"));
    all.addAll(List.of(args));
    return Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console(), all.toArray(new String[0]));
  }

  private Console console() {
    // without a buffer of its own, so that what is flushed is what was told to be
    PrintStream shown = new PrintStream(out, false, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Console(shown, new ConsoleProgress.Screen(errors, false, 80));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String stories() {
    return SharedData.path(STORIES).toString();
  }

  private static JsonNode json(String line) throws IOException {
    return new ObjectMapper().readTree(line);
  }

  @Test
  void aStoryIsToldTokenByToken() {
    String[] args = {
      "--model", stories(), "--prompt", "Once upon a time", "--greedy", "--max-new-tokens", "40"
    };
    assertThat(generate(args)).isZero();
    assertThat(out()).startsWith(STORY).endsWith("\n");
    assertThat(err()).isEmpty();
    assertThat(flushed).hasSizeGreaterThan(30);
    assertThat(flushed.get(4)).hasSizeLessThan(30);
  }

  @Test
  void itEndsBeforeAStopString() throws IOException {
    String[] args = {
      "--model",
      stories(),
      "--prompt",
      "Once upon a time",
      "--greedy",
      "--stop",
      "xyz",
      "--stop",
      "She lov",
      "--json"
    };
    assertThat(generate(args)).isZero();
    JsonNode json = json(out());
    assertThat(json.get("completion").asText()).isEqualTo(", there was a little girl named Lily. ");
    assertThat(json.get("end").asText()).isEqualTo("watcher");
    assertThat(json.get("policy_logprobs")).hasSize(json.get("ids").size());
    assertThat(json.get("sampling_logprobs")).allMatch(logprob -> logprob.asDouble() == 0);
  }

  @Test
  void aSeedGivesTheSameWordsAgain() {
    String[] drawn = {
      "--model", stories(), "--prompt", "Once", "--top-p", "0.9", "--max-new-tokens", "30"
    };
    generate(drawn);
    String first = out();
    generate(drawn);
    assertThat(out()).isEqualTo(first);
    String[] other = Arrays.copyOf(drawn, 10);
    other[8] = "--seed";
    other[9] = "5";
    generate(other);
    assertThat(out()).isNotEqualTo(first);
  }

  @Test
  void promptsOfAFileAreEachContinued() throws IOException {
    Path file =
        Files.writeString(folder.resolve("prompts"), "Once upon a time\nLily\nThe dog\nA big\n");
    String[] args = {
      "--model", stories(), "--prompts", file.toString(), "--greedy", "--batch-size", "2"
    };
    assertThat(generate(args)).isZero();
    List<String> lines = out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(json(lines.get(0)).get("completion").asText()).startsWith(STORY);
    assertThat(json(lines.get(2)).get("prompt").asText()).isEqualTo("The dog");
  }

  @Test
  void halfThePrecisionTellsAStoryToo() {
    String[] args = {
      "--model", stories(), "--prompt", "Once upon a time", "--greedy", "--dtype", "bfloat16"
    };
    assertThat(generate(args)).isZero();
    assertThat(out()).startsWith(", there was a little girl named");
  }

  @Test
  void aChatTemplateIsPutAroundThePrompt() throws IOException {
    TinyModel model = TinyModel.write(folder, 1);
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"eos_token": "<end>",
         "chat_template": "{% for m in messages %}hello {{ m.content }} {% endfor %}good day"}
        """);
    String[] chat = {
      "--model", model.uri(), "--prompt", "the cat", "--greedy", "--chat", "--max-new-tokens", "6"
    };
    String[] spelt = {
      "--model",
      model.uri(),
      "--prompt",
      "hello the cat good day",
      "--greedy",
      "--max-new-tokens",
      "6"
    };
    assertThat(generate(chat)).isZero();
    String answer = out();
    assertThat(generate(spelt)).isZero();
    assertThat(out()).isEqualTo(answer);
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws IOException {
    assertThat(generate("--model", "m")).isEqualTo(2);
    assertThat(err()).startsWith("plumbline generate: Give one of --prompt and --prompts (see");
    assertThat(generate("--model", "m", "--prompt", "a", "--prompts", "b")).isEqualTo(2);
    assertThat(err()).startsWith("plumbline generate: Give one of --prompt and --prompts (see");
    assertThat(generate("--model", "m", "--prompt", "a", "--top-p", "2")).isEqualTo(2);
    assertThat(err()).startsWith("plumbline generate: Invalid top-p: 2.0 (must be >= 0 and <= 1)");
    assertThat(generate("--model", "m", "--prompt", "a", "--dtype", "float16")).isEqualTo(2);
    assertThat(err()).contains("--dtype", "'float16' (must be float32 or bfloat16)");
    assertThat(generate("--model", folder.toString(), "--prompt", "a")).isEqualTo(1);
    assertThat(err())
        .startsWith("plumbline generate: Cannot open tokenizer of " + folder)
        .hasLineCount(1);
    String longer = "cat ".repeat(70);
    TinyModel model = TinyModel.write(folder.resolve("tiny"), 1);
    assertThat(generate("--model", model.uri(), "--prompt", longer)).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "plumbline generate: Cannot continue a prompt of 70 tokens: the context has 64"
                + " (max_position_embeddings)\n");
    assertThat(generate("--model", model.uri(), "--prompt", "")).isEqualTo(1);
    assertThat(err()).startsWith("plumbline generate: Cannot continue a prompt of 0 tokens");
  }

  @Test
  void helpFitsTheScreen() {
    assertThat(generate("--help")).isZero();
    assertThat(out()).contains("--repetition-penalty", "Example:");
    assertThat(out().lines()).allMatch(line -> line.length() <= 80);
  }
}
