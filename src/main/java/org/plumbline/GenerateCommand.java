package org.plumbline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.plumbline.chat.Chat;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.chat.Message;
import org.plumbline.model.Completion;
import org.plumbline.model.CompletionTexts;
import org.plumbline.model.Generator;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Tokenizer;
import org.plumbline.model.Uniforms;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Continues prompts; needs no Spark. */
@Command(
    name = GenerateCommand.NAME,
    description = "a model and a prompt -> how the model goes on, printed as it comes",
    footer =
        "%nExample:%n  jobs/plumbline.sh generate --model path/to/model \\%n"
            + "      --prompt \"Once upon a time\" --top-p 0.9 --stop \"The end\"")
final class GenerateCommand implements Callable<Integer> {
  static final String NAME = "generate";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STANDARD_INPUT = "-";

  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final SamplingOptions options = new SamplingOptions();
  @Spec private CommandSpec spec;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "what to go on from; - reads standard input")
  private String prompt;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "prompts, one a line; prints one JSON object a line")
  private String prompts;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = "prompts of a file that are continued side by side (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = "--chat",
      description = "take the prompt for what a user says, by the model's chat template")
  private boolean chat;

  GenerateCommand(Console console) {
    this.console = console;
  }

  /** Prompts as ids, and the tokens that end what follows. */
  private record Asked(List<int[]> prompts, long[] stops) {}

  @Override
  public Integer call() {
    if ((prompt == null) == (prompts == null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Give one of --prompt and --prompts");
    }
    try {
      options.check();
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Logs.configure(Optional.empty(), console.terminal());
    Configuration hadoop = CommandSpark.hadoop();
    try (Tokenizer tokenizer = model.tokenizer(hadoop);
        LoadedModel loaded = model.load(hadoop)) {
      generate(tokenizer, loaded, hadoop);
      return 0;
    } catch (IOException | RuntimeException e) {
      console.complain(NAME, Failure.line(e));
      return JobCommand.FAILED;
    }
  }

  private void generate(Tokenizer tokenizer, LoadedModel loaded, Configuration hadoop)
      throws IOException {
    List<String> texts = texts(hadoop);
    Asked asked = asked(texts, tokenizer, hadoop);
    Generator generator =
        new Generator(loaded, options.sampling(), options.ending(asked.stops()), batchSize);
    CompletionTexts said =
        new CompletionTexts(
            tokenizer, asked.prompts(), options.stops(), (piece, index) -> show(piece));
    List<Completion> completions =
        generator.complete(
            asked.prompts(),
            (index, uniforms) -> Uniforms.fill(uniforms, options.seed(), index),
            said);
    for (int i = 0; i < completions.size(); i++) {
      String text = said.text(i);
      show(streams() ? "\n" : json(texts.get(i), text, completions.get(i)) + "\n", true);
    }
  }

  private boolean streams() {
    return prompts == null && !model.json();
  }

  private void show(String piece) {
    show(piece, streams());
  }

  private void show(String piece, boolean now) {
    if (now) {
      console.out().print(piece);
      console.out().flush();
    }
  }

  private List<String> texts(Configuration hadoop) throws IOException {
    if (prompts != null) {
      Path file = new Path(prompts);
      try (InputStream in = file.getFileSystem(hadoop).open(file)) {
        return read(in).lines().toList();
      }
    }
    return List.of(prompt.equals(STANDARD_INPUT) ? read(System.in) : prompt);
  }

  private static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private Asked asked(List<String> texts, Tokenizer tokenizer, Configuration hadoop) {
    if (!chat) {
      return new Asked(
          texts.stream().map(text -> ModelOptions.ids(tokenizer, text)).toList(),
          tokenizer.stops());
    }
    Chat dialogue = new Chat(ChatTemplate.of("auto", model.model(), hadoop), tokenizer);
    return new Asked(
        texts.stream().map(text -> dialogue.prompt(List.of(new Message("user", text)))).toList(),
        dialogue.stops());
  }

  private static ObjectNode json(String prompt, String text, Completion completion) {
    ObjectNode node = JSON.createObjectNode().put("prompt", prompt).put("completion", text);
    node.set("ids", JSON.valueToTree(completion.tokens()));
    node.set("policy_logprobs", JSON.valueToTree(completion.policyLogprobs()));
    node.set("sampling_logprobs", JSON.valueToTree(completion.samplingLogprobs()));
    return node.put("end", completion.end().name().toLowerCase(Locale.ROOT));
  }
}
