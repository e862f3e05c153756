package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;

/** How a {@code config.json} tells that tokens look back no further than a window. */
final class SlidingWindow {
  static final String KEY = "sliding_window";

  private static final String LAYER_TYPES = "layer_types";

  private SlidingWindow() {}

  /** How many tokens a token sees, itself included; nothing if it sees all before it. */
  static OptionalInt width(ConfigReader config) {
    if (!config.mentions(KEY)) {
      return OptionalInt.of(4096);
    }
    return config.has(KEY) ? OptionalInt.of(config.positive(KEY)) : OptionalInt.empty();
  }

  /** Whether {@code layer_types} names a layer with a window. */
  static boolean isOfSomeLayer(ConfigReader config) {
    boolean some = false;
    if (config.has(LAYER_TYPES)) {
      for (JsonNode type : config.config().get(LAYER_TYPES)) {
        boolean slides = type.asText().equals("sliding_attention");
        if (!slides && !type.asText().equals("full_attention")) {
          throw config.invalid(
              LAYER_TYPES, type.toString(), "must be full_attention or sliding_attention");
        }
        some |= slides;
      }
    }
    return some;
  }

  /** The same where, without {@code layer_types}, layers after some number may have a window. */
  static boolean isOfLaterLayers(ConfigReader config, int layers) {
    if (config.has(LAYER_TYPES)) {
      return isOfSomeLayer(config);
    }
    // Unlike other counts this may be zero.
    double first = config.number("max_window_layers", 28);
    return config.flag("use_sliding_window", false) && layers > first;
  }
}
