package org.plumbline.model;

import java.util.List;

/** What sits on the trunk besides the language-model head: one linear unit, or nothing. */
public enum Head {
  /** The language model alone. */
  NONE(""),
  /** The score of a reward model, read at the last token. */
  SCORE("score"),
  /** The value of a policy, read at every token. */
  VALUE("value_head");

  private final String prefix;

  Head(String prefix) {
    this.prefix = prefix;
  }

  List<Block> blocks(int hidden) {
    if (this == NONE) {
      return List.of();
    }
    return List.of(
        Block.of(new Parameter(prefix + ".weight", new long[] {1, hidden}, Parameter.Init.ZERO)),
        Block.of(new Parameter(prefix + ".bias", new long[] {1}, Parameter.Init.ZERO)));
  }

  /** Whether the parameter called {@code name} belongs to this head. */
  boolean owns(String name) {
    return this != NONE && name.startsWith(prefix + ".");
  }
}
