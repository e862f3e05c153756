package org.plumbline.bench;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
    name = "src/bench/bench.sh",
    description =
        "Measures training, alignment, generation, memory, curation, executors, sums and rewards.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TrainingCommand.class,
      StepCommand.class,
      GenerationCommand.class,
      MemoryCommand.class,
      MachineCommand.class,
      SideBySideCommand.class,
      PaddingCommand.class,
      JudgmentsCommand.class,
      CurationCommand.class,
      ScalingCommand.class,
      ScaledRunCommand.class,
      AlignmentCommand.class,
      SizingCommand.class,
      CollectivesCommand.class,
      OveroptimizationCommand.class
    })
final class Bench {
  private Bench() {}

  /** Runs one command and ends the process: 0 done, 1 failed, 2 wrong use. */
  public static void main(String[] args) {
    int code =
        new CommandLine(new Bench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Bench::failed)
            .execute(args);
    System.exit(code);
  }

  /** What went wrong outside is told in a line; anything else is a fault of ours. */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments)
      throws Exception {
    if (!(e instanceof IOException || e instanceof IllegalArgumentException)) {
      throw e;
    }
    command.getErr().println(e.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
