package org.plumbline;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Tokenizer;
import org.plumbline.model.WeightType;
import picocli.CommandLine.Option;

/** A command that asks one model in this process, without Spark. */
abstract class ModelCommand implements Callable<Integer> {
  private final String name;
  private final Console console;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face folder, on any Hadoop file system")
  private String folder;

  @Option(
      names = "--type",
      defaultValue = "F32",
      description =
          "number format of weights and products: ${COMPLETION-CANDIDATES} (default: F32)")
  private WeightType type;

  @Option(names = "--threads", paramLabel = "N", description = "native threads (default: all)")
  private Integer threads;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  ModelCommand(String name, Console console) {
    this.name = name;
    this.console = console;
  }

  /** Asks {@code model}. */
  abstract void ask(LoadedModel model) throws Exception;

  /** The tokenizer of the model's folder. */
  Tokenizer tokenizer() {
    return Tokenizer.open(folder, CommandSpark.hadoop());
  }

  String folder() {
    return folder;
  }

  Console console() {
    return console;
  }

  @Override
  public Integer call() {
    Logs.configure(Optional.empty(), console.terminal());
    try {
      Decoder.prepareThread(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
      Compute compute = type == WeightType.F32 ? Compute.FLOAT32 : Compute.BFLOAT16;
      try (LoadedModel model =
          LoadedModel.load(folder, Head.NONE, compute, type, CommandSpark.hadoop())) {
        ask(model);
      }
      return 0;
    } catch (Exception e) {
      console.complain(name, Failure.line(e));
      return JobCommand.FAILED;
    }
  }
}
