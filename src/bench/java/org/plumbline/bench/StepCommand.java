package org.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.plumbline.model.Compute;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times one way to train, in this process. */
@Command(
    name = "step",
    description = "Times training steps in one process and prints a line.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class StepCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;
  @Mixin private BatchOptions rows;

  @Option(names = "--compute", defaultValue = "float32", description = "${COMPLETION-CANDIDATES}")
  private Compute compute;

  @Option(
      names = "--checkpointing",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "keep one array a layer for the way back")
  private boolean checkpointing;

  @Option(names = "--micro-batches", defaultValue = "1", description = "parts of a batch")
  private int microBatches;

  @Option(
      names = "--lora-rank",
      defaultValue = "0",
      description = "rank of adapters, trained in place of the weights; 0 trains all weights")
  private int loraRank;

  @Option(names = "--warm-up", defaultValue = "2", description = "steps that are not counted")
  private int warmUp;

  @Option(names = "--steps", defaultValue = "8", description = "steps that are counted")
  private int steps;

  @Option(names = "--no-machine", description = "leave out the machine's own speed")
  private boolean noMachine;

  @Option(names = "--json", description = "print the figures as one line of JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Way way = new Way(compute, checkpointing, microBatches, loraRank);
    TrainingSetup setup = rows.setup(model, way);
    TrainingFigures figures = new TrainingRun(setup, warmUp, steps, !noMachine).run();
    System.out.println(
        json ? new ObjectMapper().writeValueAsString(figures) : line(setup, figures));
    return 0;
  }

  private static String line(TrainingSetup setup, TrainingFigures figures) {
    String share =
        figures.products() == null
            ? ""
            : ", %s of %s"
                .formatted(Figure.percent(figures.share()), Figure.flop(figures.products()));
    return "training %s: median %.0f tok/s, best %.0f tok/s%s, peak memory %s (%s before the model)"
            .formatted(
                setup,
                figures.medianSpeed(),
                figures.bestSpeed(),
                share,
                Figure.bytes(figures.peak()),
                Figure.bytes(figures.baseline()))
        + ", loss %.3f, others had %s of the cores"
            .formatted(figures.loss(), Figure.percent(figures.others()));
  }
}
