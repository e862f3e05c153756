package org.plumbline.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.plumbline.model.Compute;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A table of training speeds: both compute types, with and without checkpointing. */
@Command(
    name = "training",
    description = "Times training steps in both types, with and without checkpointing.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class TrainingCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;
  @Mixin private BatchOptions rows;

  @Option(names = "--steps", defaultValue = "8", description = "steps that are counted, of each")
  private int steps;

  @Override
  public Integer call() throws IOException {
    MarkdownTable.header(
        List.of(
            "training",
            "median tokens/s",
            "best",
            "of the machine's products",
            "these",
            "peak memory",
            "before the model",
            "others' share of cores"));
    for (Compute compute : Compute.values()) {
      for (boolean checkpointing : new boolean[] {false, true}) {
        row(rows.setup(model, new Way(compute, checkpointing, 1, 0)));
      }
    }
    return 0;
  }

  private void row(TrainingSetup setup) throws IOException {
    TrainingFigures figures = StepProcess.run(setup, List.of("--steps=" + steps));
    MarkdownTable.row(
        List.of(
            setup.toString(),
            String.format(Locale.ROOT, "%.0f", figures.medianSpeed()),
            String.format(Locale.ROOT, "%.0f", figures.bestSpeed()),
            Figure.percent(figures.share()),
            Figure.flop(figures.products()),
            Figure.bytes(figures.peak()),
            Figure.bytes(figures.baseline()),
            Figure.percent(figures.others())));
  }
}
