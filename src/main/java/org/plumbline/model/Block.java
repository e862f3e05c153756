package org.plumbline.model;

import java.util.List;

/**
 * Parameters that lie side by side in the flat array and that a kernel takes as one, such as the
 * query, key and value projections of a layer.
 */
record Block(List<Parameter> parameters) {
  /** What a family does without. */
  static final Block NONE = new Block(List.of());

  static Block of(Parameter... parameters) {
    return new Block(List.of(parameters));
  }

  long size() {
    return parameters.stream().mapToLong(Parameter::size).sum();
  }
}
