package org.plumbline.model;

import java.util.OptionalInt;

/**
 * The members of the Llama family: what each has that others do not, and what its {@code
 * config.json} means where it is silent, as the config classes of Hugging Face's transformers have
 * it.
 */
enum LlamaFamily {
  /** Touvron et al. 2023, arXiv:2302.13971; heads that share keys as in Llama 2 and 3. */
  LLAMA("Llama") {
    @Override
    Biases biases(ConfigReader config) {
      boolean attention = config.flag("attention_bias", false);
      return new Biases(attention, attention, config.flag("mlp_bias", false));
    }

    @Override
    boolean slides(ConfigReader config, int layers) {
      return SlidingWindow.isOfSomeLayer(config);
    }
  },

  /** Jiang et al. 2023, arXiv:2310.06825. */
  MISTRAL("Mistral") {
    @Override
    Biases biases(ConfigReader config) {
      return new Biases(false, false, false);
    }

    @Override
    OptionalInt kvHeads() {
      return OptionalInt.of(8);
    }

    @Override
    boolean slides(ConfigReader config, int layers) {
      return true;
    }
  },

  /** Yang et al. 2024, arXiv:2407.10671; Qwen2.5 too. */
  QWEN2("Qwen2") {
    @Override
    Biases biases(ConfigReader config) {
      return new Biases(true, false, false);
    }

    @Override
    OptionalInt kvHeads() {
      return OptionalInt.of(32);
    }

    @Override
    boolean slides(ConfigReader config, int layers) {
      return SlidingWindow.isOfLaterLayers(config, layers);
    }
  },

  /** Yang et al. 2025, arXiv:2505.09388. */
  QWEN3("Qwen3") {
    @Override
    Biases biases(ConfigReader config) {
      boolean attention = config.flag("attention_bias", false);
      return new Biases(attention, attention, false);
    }

    @Override
    boolean normsHeads() {
      return true;
    }

    @Override
    OptionalInt headDim() {
      return OptionalInt.of(128);
    }

    @Override
    OptionalInt kvHeads() {
      return OptionalInt.of(32);
    }

    @Override
    boolean slides(ConfigReader config, int layers) {
      return SlidingWindow.isOfLaterLayers(config, layers);
    }
  };

  /**
   * Which linear layers have biases.
   *
   * @param projections those of queries, keys and values
   * @param output that of the output of attention
   * @param feedForward gate, up and down
   */
  record Biases(boolean projections, boolean output, boolean feedForward) {}

  private final String prefix;

  LlamaFamily(String prefix) {
    this.prefix = prefix;
  }

  /** How other tools begin the names of its classes. */
  String prefix() {
    return prefix;
  }

  abstract Biases biases(ConfigReader config);

  /** Whether a layer looks back no further than {@link SlidingWindow#width}. */
  abstract boolean slides(ConfigReader config, int layers);

  /** Whether queries and keys are normalised, head by head. */
  boolean normsHeads() {
    return false;
  }

  /** The width of heads that go without saying, unless they share the hidden width among them. */
  OptionalInt headDim() {
    return OptionalInt.empty();
  }

  /** How many heads of keys and values go without saying, unless every query has its own. */
  OptionalInt kvHeads() {
    return OptionalInt.empty();
  }
}
