package org.plumbline.model;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The frequencies of rotary positions (Su et al. 2021, arXiv:2104.09864, section 3.2.2), perhaps
 * scaled for contexts longer than those of pretraining.
 *
 * @param theta the base of the frequencies
 */
record Rope(double theta, Scaling scaling) {
  /** What becomes of a frequency, in radians a token. */
  sealed interface Scaling {
    double of(double frequency);
  }

  /** As in the paper. */
  record Unscaled() implements Scaling {
    @Override
    public double of(double frequency) {
      return frequency;
    }
  }

  /** Positions are squeezed by one factor (Chen et al. 2023, arXiv:2306.15595, eq. 4). */
  record Linear(double factor) implements Scaling {
    @Override
    public double of(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * As for Llama 3.1: frequencies that turn less than {@code low} times within the original context
   * are divided by {@code factor}, those that turn more than {@code high} times stay, and between
   * the two the share of the unchanged one grows with the turns.
   */
  record Llama3(double factor, double low, double high, int originalContext) implements Scaling {
    @Override
    public double of(double frequency) {
      double turns = originalContext * frequency / (2 * Math.PI);
      double kept = Math.min(Math.max((turns - low) / (high - low), 0), 1);
      return kept * frequency + (1 - kept) * frequency / factor;
    }
  }

  /** Newer folders keep all of it among {@code rope_parameters}; where both are, the older wins. */
  static Rope of(ConfigReader config) {
    boolean older = !config.object("rope_scaling").config().isEmpty();
    ConfigReader rope = config.object(older ? "rope_scaling" : "rope_parameters");
    config.onlyOne("partial_rotary_factor");
    rope.onlyOne("partial_rotary_factor");
    for (String layers : List.of("full_attention", "sliding_attention")) {
      if (rope.has(layers)) {
        throw rope.invalid(layers, rope.config().get(layers).toString(), "must be absent");
      }
    }
    double theta = config.positiveNumber("rope_theta", 10000);
    return new Rope(rope.positiveNumber("rope_theta", theta), scaling(rope));
  }

  private static Scaling scaling(ConfigReader rope) {
    String key = rope.has("type") && !rope.has("rope_type") ? "type" : "rope_type";
    // A factor says that something is scaled, so how must be said too.
    String type = rope.has(key) || rope.has("factor") ? rope.text(key) : "default";
    return switch (type) {
      case "default" -> new Unscaled();
      case "linear" -> new Linear(rope.positiveNumber("factor"));
      case "llama3" -> llama3(rope);
      default -> throw rope.invalid(key, type, "must be default, linear or llama3");
    };
  }

  private static Llama3 llama3(ConfigReader rope) {
    double low = rope.positiveNumber("low_freq_factor");
    double high = rope.positiveNumber("high_freq_factor");
    if (high <= low) {
      throw rope.invalid(
          "high_freq_factor", Double.toString(high), "must be more than low_freq_factor " + low);
    }
    return new Llama3(
        rope.positiveNumber("factor"),
        low,
        high,
        rope.positive("original_max_position_embeddings"));
  }

  /** For each pair of a head, the angle in radians that one step turns it by. */
  double[] frequencies(int headDim) {
    return IntStream.range(0, headDim / 2)
        .mapToDouble(pair -> scaling.of(Math.pow(theta, -2.0 * pair / headDim)))
        .toArray();
  }
}
