package org.plumbline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.plumbline.conformance.Conformance;
import org.plumbline.conformance.GoldenCase;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the equations against values worked out elsewhere; needs no Spark. */
@Command(
    name = ConformanceCommand.NAME,
    description = "inputs of equations and what must come of them -> whether it does",
    footer =
        "%nThe file is JSON:"
            + "%n  {\"cases\": [{\"case\": \"best-of-n/kl\", \"params\": {},"
            + "%n    \"inputs\": {\"n\": [2, 4]}, \"expected\": {\"kl\": [0.193147, 0.636294]}}]}"
            + "%nEnds with 0 if every case passes.%n"
            + "%nExample:%n  jobs/plumbline.sh conformance cases.json")
final class ConformanceCommand implements Callable<Integer> {
  static final String NAME = "conformance";

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "cases, on any Hadoop file system")
  private String file;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      defaultValue = "1e-5",
      description = "how far a number may be off (default: ${DEFAULT-VALUE})")
  private double tolerance;

  @Option(names = "--json", description = "print the result as JSON and nothing else")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  ConformanceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "Invalid --tolerance: %s (must be >= 0)".formatted(tolerance));
    }
    Logs.configure(Optional.empty(), console.terminal());
    try {
      ConformanceText text = new ConformanceText(Conformance.run(cases()), tolerance);
      console.out().print(json ? text.json().toPrettyString() + "\n" : text.lines());
      console.out().flush();
      return text.failed() == 0 ? 0 : JobCommand.FAILED;
    } catch (RuntimeException e) {
      console.complain(NAME, Failure.line(e));
      return JobCommand.FAILED;
    }
  }

  private List<GoldenCase> cases() {
    try {
      Path path = new Path(file);
      try (InputStream in = path.getFileSystem(CommandSpark.hadoop()).open(path)) {
        return GoldenCase.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          "Cannot read %s: %s".formatted(file, e.getMessage()), new IOException(e));
    }
  }
}
