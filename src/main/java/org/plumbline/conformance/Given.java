package org.plumbline.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a case gives to its equation. Whatever is asked for and not there, or of another form, is an
 * {@link IllegalArgumentException} that names it.
 *
 * @param golden the case
 * @param manager holds the arrays
 */
record Given(GoldenCase golden, NDManager manager) {
  double param(String key) {
    JsonNode value = required("param", golden.params(), key);
    if (!value.isNumber()) {
      throw new IllegalArgumentException("param %s is no number: %s".formatted(key, value));
    }
    return value.asDouble();
  }

  int wholeParam(String key) {
    return whole("param " + key, param(key));
  }

  /** An input as it is. */
  JsonNode input(String key) {
    return required("input", golden.inputs(), key);
  }

  boolean hasInput(String key) {
    return golden.inputs().has(key);
  }

  /** All numbers of an input, row by row. */
  double[] numbers(String key) {
    shape(key);
    return Numbers.flat(input(key));
  }

  /** An input of whole numbers. */
  int[] wholeNumbers(String key) {
    return Arrays.stream(numbers(key))
        .mapToInt(number -> whole("a number of input " + key, number))
        .toArray();
  }

  /** An input of shape [N, M]. */
  double[][] table(String key) {
    double[][] table = new double[(int) matrix(key).get(0)][];
    Arrays.setAll(table, row -> Numbers.flat(input(key).get(row)));
    return table;
  }

  /** An input in float32, in its own shape. */
  NDArray array(String key) {
    double[] numbers = numbers(key);
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return manager.create(floats, shape(key));
  }

  /** The numbers of each row of an input at which the mask is 1. */
  List<float[]> rows(String key) {
    requireMasked(key);
    double[][] mask = table("mask");
    double[][] table = table(key);
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < table.length; row++) {
      int[] places = places(mask[row]);
      float[] kept = new float[places.length];
      for (int t = 0; t < kept.length; t++) {
        kept[t] = (float) table[row][places[t]];
      }
      rows.add(kept);
    }
    return rows;
  }

  /** Rows put back where the mask is 1, in an array of its shape, 0 elsewhere. */
  NDArray masked(List<float[]> rows) {
    double[][] mask = table("mask");
    Shape shape = matrix("mask");
    float[] all = new float[(int) shape.size()];
    for (int row = 0; row < mask.length; row++) {
      int[] places = places(mask[row]);
      for (int t = 0; t < places.length; t++) {
        all[row * mask[row].length + places[t]] = rows.get(row)[t];
      }
    }
    return manager.create(all, shape);
  }

  private static int[] places(double[] mask) {
    return IntStream.range(0, mask.length).filter(t -> mask[t] == 1).toArray();
  }

  private void requireMasked(String key) {
    if (!matrix(key).equals(matrix("mask"))) {
      throw new IllegalArgumentException("input %s has not the shape of mask".formatted(key));
    }
  }

  /** Refuses two inputs of which one has more numbers, or rows, than the other. */
  void requireSameLength(String key, String like) {
    int length = input(key).size();
    int expected = input(like).size();
    if (length != expected) {
      throw new IllegalArgumentException(
          "input %s is %d long, and input %s is %d".formatted(key, length, like, expected));
    }
  }

  private Shape matrix(String key) {
    Shape shape = shape(key);
    if (shape.dimension() != 2) {
      throw new IllegalArgumentException("input %s is no list of lists".formatted(key));
    }
    return shape;
  }

  private Shape shape(String key) {
    return Numbers.shape("input " + key, input(key));
  }

  private static JsonNode required(String kind, JsonNode values, String key) {
    if (!values.has(key)) {
      throw new IllegalArgumentException("no %s %s".formatted(kind, key));
    }
    return values.get(key);
  }

  private static int whole(String what, double number) {
    if (number != (int) number) {
      throw new IllegalArgumentException("%s is no whole number: %s".formatted(what, number));
    }
    return (int) number;
  }
}
