package org.plumbline.model;

/**
 * What the header of a safetensors file says of one tensor.
 *
 * @param dtype its number format, by the format's own name
 * @param begin its first byte, counted from the end of the header
 * @param end the byte after its last
 */
record TensorEntry(String name, String dtype, long[] shape, long begin, long end) {
  /**
   * Numbers in it.
   *
   * @throws ArithmeticException if there are more than a long can count
   */
  long elements() {
    long product = 1;
    for (long side : shape) {
      product = Math.multiplyExact(product, side);
    }
    return product;
  }

  /** Bytes in it. */
  long size() {
    return end - begin;
  }
}
