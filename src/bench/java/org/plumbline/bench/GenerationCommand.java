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

  @Option(
      names = "--no-machine",
      description = "leave out the memory bandwidth, whose arrays take 1 GiB")
  private boolean noMachine;

  @Override
  public Integer call() throws IOException {
    Decoder.prepareThread(model.threads());
    Double bandwidth = noMachine ? null : bandwidth();
    try (LoadedModel loaded = RandomModel.load(model.folder(), compute)) {
      long bytes = Workload.of(loaded.decoder()).multiplied() * bytesPerWeight();
      System.out.printf(
          "%s in %s: a step reads %s of weights%s%n",
          model.folder().getFileName(),
          compute.name().toLowerCase(Locale.ROOT),
          Figure.bytes(bytes),
          noMachine ? "" : " at up to " + Figure.bandwidth(bandwidth));
      for (double temperature : temperatures) {
        for (int batch : batches) {
          Load before = Load.now();
          Timings timings =
              new GenerationRun(loaded, prompt, fresh).run(batch, temperature, repeats);
          double others = Load.now().others(before);
          System.out.println(
              speed(batch, temperature, timings)
                  + (noMachine ? "" : share(bytes / bandwidth, timings))
                  + ", others had %s of the cores".formatted(Figure.percent(others)));
        }
      }
    }
    if (noMachine) {
      System.out.println("peak memory " + Figure.bytes(ProcessMemory.own().peak()));
    }
    return 0;
  }

  private static double bandwidth() {
    try (Machine machine = new Machine()) {
      return machine.bandwidth();
    }
  }

  private int bytesPerWeight() {
    return compute == Compute.FLOAT32 ? Float.BYTES : Float.BYTES / 2;
  }

  private String speed(int batch, double temperature, Timings timings) {
    double tokens = (double) batch * fresh;
    return String.format(
        Locale.ROOT,
        "batch %d, temperature %s: median %.0f tok/s, best %.0f tok/s",
        batch,
        temperature,
        tokens / timings.median(),
        tokens / timings.best());
  }

  /** Each of a round's steps, of which the prompt is none, reads every weight at least once. */
  private String share(double secondsToRead, Timings timings) {
    double share = fresh * secondsToRead / timings.median();
    return ", %s of the bandwidth's bound".formatted(Figure.percent(share));
  }
}
