package org.plumbline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is trained beside frozen weights: adapters of linear layers and the head. Kernels take the
 * adapters of one linear layer as one block, every A and then every B of the parameters that lie in
 * it side by side.
 */
final class Adapters {
  /** Where the weights of the linear layers stand among a layer's blocks. */
  static final List<Integer> PLACES = List.of(2, 6, 10, 12);

  static final String A = ".lora_A.weight";
  static final String B = ".lora_B.weight";

  private static final String WEIGHT = ".weight";
  private static final int EMBEDDINGS = 2;
  private static final int LAYER = 14;

  private final Architecture architecture;
  private final Optional<Lora> lora;
  private final List<Block> blocks = new ArrayList<>();
  private final List<List<Long>> outputs = new ArrayList<>();

  /**
   * The adapters that {@code lora} asks for.
   *
   * @throws IllegalArgumentException if a target is no linear layer of {@code architecture}
   */
  Adapters(Architecture architecture, Head head, Optional<Lora> lora) {
    this.architecture = architecture;
    this.lora = lora;
    PLACES.forEach(place -> outputs.add(List.of()));
    lora.ifPresent(this::requireTargets);
    for (int layer = 0; layer < architecture.shape().layers(); layer++) {
      for (int number = 0; number < PLACES.size(); number++) {
        blocks.add(block(layer, number));
      }
    }
    blocks.addAll((lora.isPresent() ? head : Head.NONE).blocks(architecture.shape().hidden()));
  }

  /** What is asked for, if anything is. */
  Optional<Lora> lora() {
    return lora;
  }

  /**
   * Four blocks a layer, {@link Block#NONE} where a linear layer has no adapters; then the head's.
   */
  List<Block> blocks() {
    return blocks;
  }

  /**
   * For each linear layer of a layer, where those of its outputs begin and end that have adapters.
   */
  List<List<Long>> outputs() {
    return outputs;
  }

  private Block block(int layer, int number) {
    List<Parameter> as = new ArrayList<>();
    List<Parameter> bs = new ArrayList<>();
    List<Long> adapted = new ArrayList<>();
    long begin = 0;
    for (Parameter weight : weights(architecture, layer, number)) {
      long end = begin + outputs(weight);
      if (lora.isPresent() && lora.get().adapts(module(weight))) {
        adapted.addAll(List.of(begin, end));
        as.add(adapter(weight, A, lora.get().rank(), weight.size() / outputs(weight)));
        bs.add(adapter(weight, B, outputs(weight), lora.get().rank()));
      }
      begin = end;
    }
    if (adapted.isEmpty()) {
      return Block.NONE;
    }
    requireAlike(number, adapted);
    as.addAll(bs);
    return new Block(as);
  }

  private static List<Parameter> weights(Architecture architecture, int layer, int number) {
    int place = EMBEDDINGS + LAYER * layer + PLACES.get(number);
    return architecture.blocks().get(place).parameters();
  }

  private long outputs(Parameter weight) {
    return weight.shape()[architecture.storesInputsFirst() ? 1 : 0];
  }

  /** A starts uniform in +-1/sqrt(K), as linear layers do elsewhere, and B at zero. */
  private static Parameter adapter(Parameter weight, String suffix, long rows, long columns) {
    Parameter.Init init =
        suffix.equals(A) ? Parameter.Init.uniform(1 / Math.sqrt(columns)) : Parameter.Init.ZERO;
    return new Parameter(module(weight) + suffix, new long[] {rows, columns}, init);
  }

  /** Kernels take the same outputs in every layer, or none. */
  private void requireAlike(int number, List<Long> adapted) {
    List<Long> before = outputs.set(number, adapted);
    if (!before.isEmpty() && !before.equals(adapted)) {
      throw new IllegalArgumentException(
          "Invalid target modules: %s (must pick the same linear layers in each layer that they"
                  .formatted(lora.orElseThrow().targets())
              + " pick any in)");
    }
  }

  private void requireTargets(Lora lora) {
    List<String> modules = modules(architecture);
    for (String target : lora.targets()) {
      if (modules.stream().noneMatch(module -> Lora.isNamed(module, target))) {
        throw new IllegalArgumentException(
            "Invalid target module: %s (must be %s, or one of %s)"
                .formatted(target, Lora.ALL_LINEAR, String.join(", ", lastParts(modules))));
      }
    }
  }

  /** The names of all linear layers that may have adapters. */
  static List<String> modules(Architecture architecture) {
    List<String> modules = new ArrayList<>();
    for (int layer = 0; layer < architecture.shape().layers(); layer++) {
      for (int number = 0; number < PLACES.size(); number++) {
        weights(architecture, layer, number).forEach(weight -> modules.add(module(weight)));
      }
    }
    return modules;
  }

  /** The names that {@code modules} end in, each once. */
  static List<String> lastParts(List<String> modules) {
    TreeSet<String> parts = new TreeSet<>();
    modules.forEach(module -> parts.add(module.substring(module.lastIndexOf('.') + 1)));
    return List.copyOf(parts);
  }

  private static String module(Parameter weight) {
    return weight.name().substring(0, weight.name().length() - WEIGHT.length());
  }
}
