package org.plumbline;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.model.Ending;
import org.plumbline.model.Generator;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sampling;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.model.Tokenizer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how probable a text is, token by token; needs no Spark. */
@Command(
    name = LogprobsCommand.NAME,
    description = "a model and a text -> the log-probability of each token, in nats",
    footer =
        "%nExample:%n  jobs/plumbline.sh logprobs --model path/to/model \\%n"
            + "      --text \"Once upon a time\" --json")
final class LogprobsCommand implements Callable<Integer> {
  static final String NAME = "logprobs";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Spec private CommandSpec spec;

  @Option(names = "--text", paramLabel = "TEXT", description = "what to look at")
  private String text;

  @Option(
      names = "--ids",
      paramLabel = "ID",
      split = ",",
      description = "the same as token ids, with commas between; needs no tokenizer")
  private int[] ids;

  LogprobsCommand(Console console) {
    this.console = console;
  }

  /**
   * What a model says.
   *
   * @param logprobs of ids[1:]
   * @param next the most probable next token, if there is room for one
   */
  private record Answer(int[] ids, float[] logprobs, Optional<Integer> next) {
    double sum() {
      double sum = 0;
      for (float logprob : logprobs) {
        sum += logprob;
      }
      return sum;
    }
  }

  @Override
  public Integer call() {
    if ((text == null) == (ids == null)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "Give one of --text and --ids");
    }
    Logs.configure(Optional.empty(), console.terminal());
    Configuration hadoop = CommandSpark.hadoop();
    try (LoadedModel loaded = model.load(hadoop)) {
      if (text == null) {
        print(answer(loaded, ids), id -> "");
      } else {
        try (Tokenizer tokenizer = model.tokenizer(hadoop)) {
          print(
              answer(loaded, ModelOptions.ids(tokenizer, text)),
              id -> JSON.valueToTree(tokenizer.spelling(id)).toString());
        }
      }
      return 0;
    } catch (IOException | RuntimeException e) {
      console.complain(NAME, Failure.line(e));
      return JobCommand.FAILED;
    }
  }

  private static Answer answer(LoadedModel model, int[] ids) {
    int words = model.decoder().vocabulary();
    for (int id : ids) {
      if (id < 0 || id >= words) {
        throw new IllegalArgumentException(
            "Invalid token id: %d (must be >= 0 and < %d)".formatted(id, words));
      }
    }
    float[] logprobs = new float[0];
    if (ids.length > 1) {
      int[] rest = Arrays.copyOfRange(ids, 1, ids.length);
      try (NDManager scope = model.decoder().scope()) {
        Sequence sequence = new Sequence(new int[] {ids[0]}, rest);
        TokenBatch batch = TokenBatch.of(List.of(sequence), scope);
        logprobs = model.decoder().logprobs(model.flat(), batch, 1).toFloatArray();
      }
    }
    return new Answer(ids, logprobs, next(model, ids));
  }

  private static Optional<Integer> next(LoadedModel model, int[] ids) {
    if (ids.length >= model.decoder().context()) {
      return Optional.empty();
    }
    Generator greedy = new Generator(model, Sampling.at(0), Ending.after(1), 1);
    return Optional.of(greedy.complete(List.of(ids), (index, u) -> {}).get(0).tokens()[0]);
  }

  private void print(Answer answer, IntFunction<String> spelling) {
    console.out().print(model.json() ? json(answer) + "\n" : table(answer, spelling));
    console.out().flush();
  }

  private static ObjectNode json(Answer answer) {
    ObjectNode node = JSON.createObjectNode();
    node.set("ids", JSON.valueToTree(answer.ids()));
    node.set("logprobs", JSON.valueToTree(answer.logprobs()));
    node.put("sum", answer.sum());
    answer.next().ifPresent(next -> node.put("next", next));
    return node;
  }

  private static String table(Answer answer, IntFunction<String> spelling) {
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < answer.ids().length; i++) {
      String logprob = i == 0 ? "" : String.format(Locale.ROOT, "%.6f", answer.logprobs()[i - 1]);
      table.append(row(answer.ids()[i], logprob, spelling));
    }
    table.append(String.format(Locale.ROOT, "%8s %12.6f%n", "sum", answer.sum()));
    answer.next().ifPresent(next -> table.append(row(next, "next", spelling)));
    return table.toString();
  }

  private static String row(int id, String logprob, IntFunction<String> spelling) {
    return "%8d %12s  %s".formatted(id, logprob, spelling.apply(id)).stripTrailing() + "\n";
  }
}
