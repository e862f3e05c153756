package org.plumbline.conformance;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far an output is from what was expected, at the place where it is farthest.
 *
 * @param output its name
 * @param place indices of the number in it, as in {@code [0][2]}; empty for a single number
 * @param expected the number there
 * @param got what the equation gave there
 */
public record Difference(String output, String place, double expected, double got) {
  /** The distance of the two numbers; infinite if one is NaN. */
  public double amount() {
    return distance(expected, got);
  }

  /**
   * The greatest difference of an output from what was expected.
   *
   * @throws IllegalArgumentException naming the output, if they are not of one shape
   */
  static Difference greatest(String output, JsonNode expected, JsonNode got) {
    Shape shape = shape(output, expected, got);
    double[] left = Numbers.flat(expected);
    double[] right = Numbers.flat(got);
    int farthest = 0;
    for (int i = 1; i < left.length; i++) {
      if (distance(left[i], right[i]) > distance(left[farthest], right[farthest])) {
        farthest = i;
      }
    }
    return new Difference(output, place(farthest, shape), left[farthest], right[farthest]);
  }

  private static Shape shape(String output, JsonNode expected, JsonNode got) {
    Shape shape = Numbers.shape("expected " + output, expected);
    Shape given = Numbers.shape(output, got);
    if (!shape.equals(given) || shape.size() == 0) {
      throw new IllegalArgumentException(
          "expected %s is of shape %s (must be %s)".formatted(output, shape, given));
    }
    return shape;
  }

  private static double distance(double expected, double got) {
    double distance = Math.abs(expected - got);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  private static String place(int index, Shape shape) {
    StringBuilder place = new StringBuilder();
    int rest = index;
    for (int axis = shape.dimension() - 1; axis >= 0; axis--) {
      int size = (int) shape.get(axis);
      place.insert(0, "[" + rest % size + "]");
      rest /= size;
    }
    return place.toString();
  }
}
