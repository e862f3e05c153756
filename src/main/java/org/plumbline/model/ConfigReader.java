package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;

/** Typed access to a {@code config.json}, with errors that name the key and the file. */
record ConfigReader(JsonNode config, String where) {
  String text(String key) {
    return required(key).asText();
  }

  int positive(String key) {
    JsonNode value = required(key);
    if (!value.isIntegralNumber() || value.intValue() < 1) {
      throw invalid(key, value.toString(), "must be a whole number > 0");
    }
    return value.intValue();
  }

  int positive(String key, int otherwise) {
    return config.hasNonNull(key) ? positive(key) : otherwise;
  }

  double number(String key, double otherwise) {
    return config.hasNonNull(key) ? config.get(key).asDouble() : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    return config.hasNonNull(key) ? config.get(key).asBoolean() : otherwise;
  }

  /** Refuses any value of {@code key} but {@code supported}; an absent key is fine. */
  void only(String key, String supported) {
    if (config.hasNonNull(key) && !config.get(key).asText().equals(supported)) {
      throw invalid(key, config.get(key).toString(), "must be " + supported);
    }
  }

  IllegalArgumentException invalid(String key, String value, String must) {
    return new IllegalArgumentException(
        "Invalid %s: %s (%s) in %s".formatted(key, value, must, where));
  }

  private JsonNode required(String key) {
    if (!config.hasNonNull(key)) {
      throw invalid(key, "missing", "must be given");
    }
    return config.get(key);
  }
}
