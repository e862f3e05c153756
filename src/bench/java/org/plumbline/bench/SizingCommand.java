package org.plumbline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Works out memory and network traffic; measures nothing. */
@Command(
    name = "sizing",
    description = "Works out what training takes of an executor's memory and of the network.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class SizingCommand implements Callable<Integer> {
  private static final List<Integer> LINKS = List.of(10, 25, 100);

  /** A size of model, and how many weights adapters of rank 16 on all its layers have. */
  private record Size(String name, double weights, double adapters) {}

  private static final List<Size> SIZES =
      List.of(
          new Size("124 M", 124e6, 2.4e6),
          new Size("1.5 B", 1.5e9, 18e6),
          new Size("7 B", 7e9, 40e6));

  @Option(names = "--ranks", split = ",", defaultValue = "1,2,4,8,1000", description = "executors")
  private List<Integer> ranks;

  @Option(names = "--local-steps", defaultValue = "50", description = "steps of a local round")
  private int localSteps;

  @Override
  public Integer call() {
    List<String> columns =
        new ArrayList<>(List.of("model", "executors", "way", "memory", "bytes a step"));
    LINKS.forEach(link -> columns.add("s on %d GbE".formatted(link)));
    MarkdownTable.header(columns);
    for (Size size : SIZES) {
      for (int each : ranks) {
        Sizing full = new Sizing(size.weights(), size.weights(), each);
        Sizing lora = new Sizing(size.weights(), size.adapters(), each);
        Sizing local = new Sizing(size.weights(), size.weights(), 1);
        row(size, each, "full", full.memory(), full.sentByStep());
        row(size, each, "LoRA r=16", lora.memory(), lora.sentByStep());
        row(
            size,
            each,
            "local rounds of " + localSteps,
            local.memory(),
            local.movedByLocalStep(localSteps));
      }
    }
    return 0;
  }

  private static void row(Size size, int ranks, String way, double memory, double bytes) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                size.name(),
                String.valueOf(ranks),
                way,
                Figure.bytes((long) memory),
                Figure.bytes((long) bytes)));
    LINKS.forEach(link -> cells.add("%.3f".formatted(Sizing.seconds(bytes, link))));
    MarkdownTable.row(cells);
  }
}
