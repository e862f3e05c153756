package org.plumbline;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.plumbline.model.Decoder;
import org.plumbline.model.MergedFolder;
import org.plumbline.model.WeightType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes one model of adapters and their base; needs no Spark. */
@Command(
    name = MergeCommand.NAME,
    description = "adapters and their base -> one Hugging Face folder of weights",
    footer =
        "%nExample:%n  jobs/plumbline.sh merge \\%n"
            + "      --model target/mine/dpo/checkpoint/step-00000050 --to target/merged")
final class MergeCommand implements Callable<Integer> {
  static final String NAME = "merge";

  private final Console console;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "folder of adapters, on any Hadoop file system")
  private String model;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "folder to write, not there yet or empty")
  private String to;

  @Option(
      names = "--type",
      defaultValue = "F32",
      description = "number format of the weights: ${COMPLETION-CANDIDATES} (default: F32)")
  private WeightType type;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  MergeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Logs.configure(Optional.empty(), console.terminal());
    try {
      Decoder.prepareThread(Runtime.getRuntime().availableProcessors());
      MergedFolder.write(model, to, type, CommandSpark.hadoop());
      console.out().println(to);
      return 0;
    } catch (Exception e) {
      console.complain(NAME, Failure.line(e));
      return JobCommand.FAILED;
    }
  }
}
