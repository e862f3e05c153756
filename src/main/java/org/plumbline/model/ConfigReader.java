package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Typed access to a {@code config.json}, with errors that name the key and the file. */
record ConfigReader(JsonNode config, String where) {
  boolean has(String key) {
    return config.hasNonNull(key);
  }

  /** Whether {@code key} is there, be it with null for its value. */
  boolean mentions(String key) {
    return config.has(key);
  }

  String text(String key) {
    return required(key).asText();
  }

  /** The object at {@code key}, an empty one if there is none; errors in it name the key too. */
  ConfigReader object(String key) {
    JsonNode value = has(key) ? config.get(key) : MissingNode.getInstance();
    if (has(key) && !value.isObject()) {
      throw invalid(key, value.toString(), "must be an object");
    }
    return new ConfigReader(value, key + " of " + where);
  }

  int positive(String key) {
    JsonNode value = required(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw invalid(key, value.toString(), "must be a whole number > 0");
    }
    return value.intValue();
  }

  int positive(String key, int otherwise) {
    return has(key) ? positive(key) : otherwise;
  }

  double number(String key, double otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!config.get(key).isNumber()) {
      throw invalid(key, config.get(key).toString(), "must be a number");
    }
    return config.get(key).doubleValue();
  }

  double positiveNumber(String key) {
    JsonNode value = required(key);
    if (!value.isNumber() || value.doubleValue() <= 0) {
      throw invalid(key, value.toString(), "must be a number > 0");
    }
    return value.doubleValue();
  }

  double positiveNumber(String key, double otherwise) {
    return has(key) ? positiveNumber(key) : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!config.get(key).isBoolean()) {
      throw invalid(key, config.get(key).toString(), "must be true or false");
    }
    return config.get(key).booleanValue();
  }

  /** How often the value of {@code divisor} goes into that of {@code key}; it must go evenly. */
  int quotient(String key, String divisor) {
    int whole = positive(key);
    int part = positive(divisor);
    if (whole % part != 0) {
      throw invalid(key, Integer.toString(whole), "must be a multiple of " + divisor + " " + part);
    }
    return whole / part;
  }

  /** Refuses any value of {@code key} but 1; an absent key is fine. */
  void onlyOne(String key) {
    if (has(key) && number(key, 1) != 1) {
      throw invalid(key, config.get(key).toString(), "must be 1");
    }
  }

  /** Refuses any value of {@code key} but {@code supported}; an absent key is fine. */
  void only(String key, String supported) {
    if (has(key) && !config.get(key).asText().equals(supported)) {
      throw invalid(key, config.get(key).toString(), "must be " + supported);
    }
  }

  IllegalArgumentException invalid(String key, String value, String must) {
    return new IllegalArgumentException(
        "Invalid %s: %s (%s) in %s".formatted(key, value, must, where));
  }

  private JsonNode required(String key) {
    if (!has(key)) {
      throw invalid(key, "missing", "must be given");
    }
    return config.get(key);
  }
}
