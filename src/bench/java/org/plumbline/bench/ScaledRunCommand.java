package org.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One run of {@link ScalingCommand}, in this process and its executors. */
@Command(
    name = "scaled-run",
    description = "Times training and rollouts on some executors and prints a line of JSON.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ScaledRunCommand implements Callable<Integer> {
  @Option(names = "--model", required = true, description = "folder with weights and tokenizer")
  private Path model;

  @Option(names = "--executors", required = true, description = "of one core each")
  private int executors;

  @Option(names = "--steps", required = true, description = "updates of a stage")
  private int steps;

  @Option(names = "--prompts", required = true, description = "to complete in a stage")
  private int prompts;

  @Option(names = "--folder", required = true, description = "where the run's files go")
  private Path folder;

  @Option(names = "--async-checkpoints", description = "write them while the next stage trains")
  private boolean async;

  @Override
  public Integer call() throws IOException {
    ScaledRun run =
        new ScaledRun(model, ScaledRun.words(model), executors, steps, prompts, folder, async);
    System.out.println(new ObjectMapper().writeValueAsString(run.measure()));
    return 0;
  }
}
