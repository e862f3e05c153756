package org.plumbline.objective;

import ai.djl.ndarray.NDArray;

/** What an equation asks of its arguments. */
final class Require {
  private Require() {}

  static void positive(String name, double value) {
    require(value > 0 && Double.isFinite(value), name, value, "> 0");
  }

  static void above(String name, double value, double bound) {
    require(value > bound, name, value, "> " + bound);
  }

  static void atLeast(String name, int value, int least) {
    require(value >= least, name, value, ">= " + least);
  }

  static void notNegative(String name, double value) {
    require(value >= 0 && Double.isFinite(value), name, value, ">= 0");
  }

  static void fraction(String name, double value) {
    require(value >= 0 && value <= 1, name, value, "between 0 and 1");
  }

  static void fractionBelowOne(String name, double value) {
    require(value >= 0 && value < 1, name, value, "at least 0 and below 1");
  }

  static void fractionBelowHalf(String name, double value) {
    require(value >= 0 && value < 0.5, name, value, "at least 0 and below 0.5");
  }

  /** Broadcasting would turn [B] and [B, 1] into [B, B] without a word. */
  static void sameShape(String name, NDArray array, NDArray like) {
    require(array.getShape().equals(like.getShape()), name, array.getShape(), like.getShape());
  }

  static void sameLength(String name, float[] row, float[] like) {
    sameLength(name, row.length, like.length);
  }

  static void sameLength(String name, double[] row, double[] like) {
    sameLength(name, row.length, like.length);
  }

  private static void sameLength(String name, int length, int like) {
    require(length == like, "length of " + name, length, like);
  }

  private static void require(boolean holds, String name, Object value, Object condition) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (must be %s)".formatted(name, value, condition));
    }
  }
}
