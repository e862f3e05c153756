package org.plumbline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.model.Tokenizer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how probable each token of a text is, given those before it. */
@Command(
    name = LogprobsCommand.NAME,
    description = "the log-probability of each token of a text, and the most probable next one",
    footer =
        "%nExample:%n  jobs/plumbline.sh logprobs --model target/merged --text \"Once upon a time\"")
final class LogprobsCommand extends ModelCommand {
  static final String NAME = "logprobs";

  @ArgGroup(multiplicity = "1")
  private Input input;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  private static final class Input {
    @Option(
        names = "--text",
        paramLabel = "TEXT",
        required = true,
        description = "encoded with the special tokens that the tokenizer puts around it")
    private String text;

    @Option(
        names = "--ids",
        paramLabel = "ID,ID...",
        required = true,
        split = ",",
        description = "token ids")
    private int[] ids;
  }

  /** What the model says: of ids[1:], and of the id after them. */
  private record Answer(int[] ids, float[] logprobs, int next) {
    double sum() {
      double sum = 0;
      for (float logprob : logprobs) {
        sum += logprob;
      }
      return sum;
    }
  }

  LogprobsCommand(Console console) {
    super(NAME, console);
  }

  @Override
  void ask(LoadedModel model) throws Exception {
    if (input.ids != null && json) {
      print(answer(model, input.ids));
      return;
    }
    try (Tokenizer tokenizer = tokenizer()) {
      int[] ids = input.ids == null ? tokenizer.encodeWithSpecial(input.text) : input.ids;
      Answer answer = answer(model, ids);
      if (json) {
        print(answer);
      } else {
        tell(answer, tokenizer);
      }
    }
  }

  private static Answer answer(LoadedModel model, int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("Cannot take in 0 tokens");
    }
    long vocabulary = model.decoder().vocabulary();
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "Invalid id: %d (must be >= 0 and < %d)".formatted(id, vocabulary));
      }
    }
    try (NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray row = step.create(Arrays.stream(ids).asLongStream().toArray()).expandDims(0);
      int next =
          (int) model.decoder().logits(model.flat(), row).get(0, ids.length - 1).argMax().getLong();
      if (ids.length == 1) {
        return new Answer(ids, new float[0], next);
      }
      Sequence sequence =
          new Sequence(Arrays.copyOf(ids, 1), Arrays.copyOfRange(ids, 1, ids.length));
      TokenBatch batch = TokenBatch.of(List.of(sequence), step);
      return new Answer(ids, model.decoder().logprobs(model.flat(), batch, 1).toFloatArray(), next);
    }
  }

  private void print(Answer answer) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.set("ids", mapper.valueToTree(answer.ids()));
    node.set("logprobs", mapper.valueToTree(answer.logprobs()));
    node.put("sum", answer.sum());
    node.put("next", answer.next());
    console().out().println(mapper.writeValueAsString(node));
  }

  private void tell(Answer answer, Tokenizer tokenizer) {
    PrintStream out = console().out();
    out.printf("%8s  %12s  %s%n", "id", "logprob", "token");
    for (int i = 0; i < answer.ids().length; i++) {
      int id = answer.ids()[i];
      String logprob = i == 0 ? "" : "%.6f".formatted(answer.logprobs()[i - 1]);
      out.printf("%8d  %12s  %s%n", id, logprob, tokenizer.token(id));
    }
    out.printf("%8s  %12.6f  %n", "sum", answer.sum());
    out.printf("%8d  %12s  %s%n", answer.next(), "next", tokenizer.token(answer.next()));
  }
}
