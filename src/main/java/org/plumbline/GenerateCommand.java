package org.plumbline;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.plumbline.chat.Chat;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.chat.Message;
import org.plumbline.model.Ending;
import org.plumbline.model.Generator;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sampling;
import org.plumbline.model.StopStrings;
import org.plumbline.model.TextStream;
import org.plumbline.model.Tokenizer;
import org.plumbline.model.Uniforms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Continues one prompt and prints the text as it comes. */
@Command(
    name = GenerateCommand.NAME,
    description = "continues a prompt and prints the text as it comes",
    footer =
        "%nExample:%n  jobs/plumbline.sh generate --model target/merged --chat \\%n"
            + "      --prompt \"Can you help me?\" --temperature 0.7 --top-p 0.9")
final class GenerateCommand extends ModelCommand {
  static final String NAME = "generate";

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      required = true,
      description = "what to continue; - reads it from standard input")
  private String prompt;

  @Option(
      names = "--chat",
      description = "the prompt is a user's message, to be put in the model's chat template")
  private boolean chat;

  @Option(names = "--greedy", description = "take the most probable token each time")
  private boolean greedy;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "cut off after so many tokens (default: 256)")
  private int maxNewTokens;

  @Option(
      names = "--min-new-tokens",
      paramLabel = "N",
      defaultValue = "0",
      description = "do not end before so many tokens (default: 0)")
  private int minNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "1",
      description = "divides the logits (default: 1)")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      defaultValue = "0",
      description = "draw from the N most probable tokens only; 0 for all (default: 0)")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      defaultValue = "1",
      description = "draw from the fewest tokens of this probability together (default: 1)")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "X",
      defaultValue = "0",
      description = "draw from tokens of at least this share of the greatest (default: 0)")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      defaultValue = "1",
      description = "weakens tokens that are there already; 1 for none (default: 1)")
  private double repetitionPenalty;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "ends the completion, and is left out; may be given more than once")
  private List<String> stops = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "of all draws (default: 0)")
  private long seed;

  GenerateCommand(Console console) {
    super(NAME, console);
  }

  @Override
  void ask(LoadedModel model) throws Exception {
    Sampling sampling = new Sampling(greedy ? 0 : temperature, topK, topP, minP, repetitionPenalty);
    try (Tokenizer tokenizer = tokenizer()) {
      String text =
          prompt.equals("-")
              ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
              : prompt;
      int[] ids =
          chat ? chat(tokenizer).prompt(List.of(new Message("user", text))) : ids(tokenizer, text);
      long[] ends = chat ? chat(tokenizer).stops() : tokenizer.stops();
      Ending ending = new Ending(minNewTokens, maxNewTokens, ends);
      TextStream stream = new TextStream(tokenizer, ids);
      StopStrings until = new StopStrings(stops);
      PrintStream out = console().out();
      new Generator(model, sampling, ending, 1)
          .complete(
              List.of(ids),
              (index, uniforms) -> Uniforms.fill(uniforms, seed),
              (index, token) -> {
                out.print(until.push(stream.push(token)));
                out.flush();
                return !until.found();
              });
      out.print(until.push(stream.rest()));
      out.println(until.rest());
    }
  }

  private Chat chat(Tokenizer tokenizer) {
    return new Chat(ChatTemplate.of("auto", folder(), CommandSpark.hadoop()), tokenizer);
  }

  /** The text behind the token that starts a text, and before none that would end it. */
  private static int[] ids(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    if (!tokenizer.addsBos()) {
      return ids;
    }
    int[] begun = new int[ids.length + 1];
    begun[0] = tokenizer.bos().getAsInt();
    System.arraycopy(ids, 0, begun, 1, ids.length);
    return begun;
  }
}
