package org.plumbline.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.plumbline.testing.SharedData;

/** Inputs and expected values of one equation, computed in float64 from the cited formula. */
record ConformanceCase(String name, JsonNode params, JsonNode inputs, JsonNode expected) {
  static List<ConformanceCase> all() {
    try {
      JsonNode file =
          new ObjectMapper().readTree(SharedData.path("conformance/objectives.json").toFile());
      return StreamSupport.stream(file.get("cases").spliterator(), false)
          .map(
              one ->
                  new ConformanceCase(
                      one.get("case").asText(),
                      one.get("params"),
                      one.get("inputs"),
                      one.get("expected")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double param(String key) {
    return params.required(key).asDouble();
  }

  double[] input(String key) {
    return flat(inputs.required(key));
  }

  double[] expected(String key) {
    return flat(expected.required(key));
  }

  /** An input in float32, in its own shape. */
  NDArray array(NDManager manager, String key) {
    JsonNode node = inputs.required(key);
    Shape shape =
        node.get(0).isArray() ? new Shape(node.size(), node.get(0).size()) : new Shape(node.size());
    double[] values = flat(node);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats, shape);
  }

  /** The rows of an input without their padding. */
  List<float[]> inputRows(String key) {
    return rows(inputs.required(key));
  }

  /** The rows of an expected value without their padding. */
  List<float[]> expectedRows(String key) {
    return rows(expected.required(key));
  }

  private List<float[]> rows(JsonNode node) {
    return IntStream.range(0, node.size())
        .mapToObj(row -> row(node.get(row), tokens(row)))
        .toList();
  }

  private int tokens(int row) {
    return (int) numbers(inputs.required("mask").get(row)).sum();
  }

  private static float[] row(JsonNode node, int tokens) {
    float[] row = new float[tokens];
    for (int t = 0; t < tokens; t++) {
      row[t] = (float) node.get(t).asDouble();
    }
    return row;
  }

  private static double[] flat(JsonNode node) {
    return numbers(node).toArray();
  }

  private static DoubleStream numbers(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(one -> numbers(one))
        : DoubleStream.of(node.asDouble());
  }

  @Override
  public String toString() {
    return name + " " + params;
  }
}
