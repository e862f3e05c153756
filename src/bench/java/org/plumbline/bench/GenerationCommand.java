package org.plumbline.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Machine;
import org.plumbline.model.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times generation for several batch sizes. */
@Command(
    name = "generation",
    description = "Times generation at several batch sizes, greedy and sampled.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class GenerationCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;

  @Option(
      names = "--batches",
      split = ",",
      defaultValue = "1,8,32",
      description = "prompts side by side")
  private List<Integer> batches;

  @Option(
      names = "--temperatures",
      split = ",",
      defaultValue = "1,0",
      description = "0 takes the most probable token")
  private List<Double> temperatures;

  @Option(names = "--prompt", defaultValue = "32", description = "tokens of a prompt")
  private int prompt;

  @Option(names = "--new-tokens", defaultValue = "128", description = "tokens of a completion")
  private int fresh;

  @Option(names = "--repeats", defaultValue = "3", description = "rounds that are counted, of each")
  private int repeats;

  @Option(names = "--compute", defaultValue = "float32", description = "${COMPLETION-CANDIDATES}")
  private Compute compute;

  @Override
  public Integer call() throws IOException {
    Decoder.prepareThread(model.threads());
    double bandwidth;
    try (Machine machine = new Machine()) {
      bandwidth = machine.bandwidth();
    }
    try (LoadedModel loaded = RandomModel.load(model.folder(), compute)) {
      long bytes =
          Workload.of(loaded.decoder()).multiplied() * (compute == Compute.FLOAT32 ? 4 : 2);
      double fastest = bandwidth / bytes;
      System.out.printf(
          Locale.ROOT,
          "%s in %s: a step reads %s of weights; at %s no more than %.0f steps/s%n",
          model.folder().getFileName(),
          compute.name().toLowerCase(Locale.ROOT),
          Figure.bytes(bytes),
          Figure.bandwidth(bandwidth),
          fastest);
      for (double temperature : temperatures) {
        for (int batch : batches) {
          measure(loaded, batch, temperature, fastest);
        }
      }
    }
    return 0;
  }

  private void measure(LoadedModel loaded, int batch, double temperature, double fastest)
      throws IOException {
    Load before = Load.now();
    Timings timings = new GenerationRun(loaded, prompt, fresh).run(batch, temperature, repeats);
    double others = Load.now().others(before);
    double tokens = (double) batch * fresh;
    System.out.printf(
        Locale.ROOT,
        "batch %d, temperature %s: median %.0f tok/s, best %.0f tok/s, %s of the bandwidth's"
            + " bound, others had %s of the cores%n",
        batch,
        temperature,
        tokens / timings.median(),
        tokens / timings.best(),
        Figure.percent(fresh / timings.median() / fastest),
        Figure.percent(others));
  }
}
