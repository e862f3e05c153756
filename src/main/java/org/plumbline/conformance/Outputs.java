package org.plumbline.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an equation gives, by name. */
final class Outputs {
  private final Map<String, JsonNode> values = new LinkedHashMap<>();

  Outputs with(String name, double number) {
    values.put(name, Numbers.of(number));
    return this;
  }

  Outputs with(String name, double[] numbers) {
    values.put(name, Numbers.of(numbers));
    return this;
  }

  Outputs with(String name, NDArray array) {
    values.put(name, Numbers.of(array));
    return this;
  }

  Map<String, JsonNode> values() {
    return values;
  }
}
