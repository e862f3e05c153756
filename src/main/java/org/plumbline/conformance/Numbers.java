package org.plumbline.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/** Numbers as JSON: one, a list of them, a list of such lists, and so on. */
final class Numbers {
  private Numbers() {}

  /**
   * The shape of {@code node}; () for a number.
   *
   * @param what it is, for people
   * @throws IllegalArgumentException if there is something else in it, or lists of several lengths
   */
  static Shape shape(String what, JsonNode node) {
    if (node.isNumber()) {
      return new Shape();
    }
    if (!node.isArray()) {
      throw new IllegalArgumentException("%s is no number: %s".formatted(what, node));
    }
    Shape inner = node.isEmpty() ? new Shape() : shape(what, node.get(0));
    for (JsonNode one : node) {
      if (!shape(what, one).equals(inner)) {
        throw new IllegalArgumentException(what + " has lists of several lengths");
      }
    }
    return new Shape(node.size()).addAll(inner);
  }

  /** All numbers in {@code node}, row by row. */
  static double[] flat(JsonNode node) {
    return stream(node).toArray();
  }

  private static DoubleStream stream(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false).flatMapToDouble(Numbers::stream)
        : DoubleStream.of(node.asDouble());
  }

  static JsonNode of(double number) {
    return DoubleNode.valueOf(number);
  }

  static JsonNode of(double[] numbers) {
    return of(numbers, new Shape(numbers.length));
  }

  /** Of a float32 array. */
  static JsonNode of(NDArray array) {
    float[] floats = array.toFloatArray();
    double[] numbers = new double[floats.length];
    Arrays.setAll(numbers, i -> floats[i]);
    return of(numbers, array.getShape());
  }

  private static JsonNode of(double[] numbers, Shape shape) {
    if (shape.dimension() == 0) {
      return of(numbers[0]);
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    int rows = (int) shape.get(0);
    int width = rows == 0 ? 0 : numbers.length / rows;
    for (int row = 0; row < rows; row++) {
      double[] part = Arrays.copyOfRange(numbers, row * width, (row + 1) * width);
      list.add(of(part, shape.slice(1)));
    }
    return list;
  }
}
