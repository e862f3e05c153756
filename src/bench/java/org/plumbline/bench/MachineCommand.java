package org.plumbline.bench;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the machine itself can do. */
@Command(
    name = "machine",
    description = "Measures the machine: matrix products and memory bandwidth.",
    mixinStandardHelpOptions = true)
final class MachineCommand implements Callable<Integer> {
  @Mixin private ModelOptions cores;

  @Override
  public Integer call() {
    Decoder.prepareThread(cores.threads());
    try (Machine machine = new Machine()) {
      for (Compute compute : Compute.values()) {
        System.out.printf(
            Locale.ROOT,
            "products in %s: %s%n",
            compute.name().toLowerCase(Locale.ROOT),
            Figure.flop(machine.products(compute)));
      }
      System.out.println("memory: " + Figure.bandwidth(machine.bandwidth()));
    }
    return 0;
  }
}
