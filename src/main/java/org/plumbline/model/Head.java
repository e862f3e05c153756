package org.plumbline.model;

import java.util.List;

/** What sits on the trunk: a language-model head, a linear unit, or both. */
public enum Head {
  /** The language-model head alone. */
  NONE("", false),
  /**
   * The score of a reward model, read at the last token. Without a bias, as Hugging Face has it:
   * the Bradley-Terry model cannot see one. It stands in for the language-model head: such a
   * decoder has no log-probabilities.
   */
  SCORE("score", false),
  /** The value of a policy, read at every token, beside the language-model head. */
  VALUE("value_head", true),
  /**
   * The value of a policy that is another model: a critic of its own. It stands in for the
   * language-model head, so a reward model's trunk will do.
   */
  CRITIC("value_head", true);

  private final String prefix;
  private final boolean bias;

  Head(String prefix, boolean bias) {
    this.prefix = prefix;
    this.bias = bias;
  }

  /** Its weight and its bias, {@link Block#NONE} where it has none. */
  List<Block> blocks(int hidden) {
    return List.of(
        this == NONE ? Block.NONE : zeros(weight(), 1, hidden),
        bias ? zeros(prefix + ".bias", 1) : Block.NONE);
  }

  /** The name of its weight, if it has one. */
  String weight() {
    return prefix + ".weight";
  }

  private static Block zeros(String name, long... shape) {
    return Block.of(new Parameter(name, shape, Parameter.Init.ZERO));
  }

  /** Whether it stands in for the language-model head. */
  boolean replacesLmHead() {
    return this == SCORE || this == CRITIC;
  }

  /** Whether it says a value of every token. */
  public boolean hasValues() {
    return this == VALUE || this == CRITIC;
  }

  /** Whether the parameter called {@code name} belongs to this head. */
  boolean owns(String name) {
    return this != NONE && name.startsWith(prefix + ".");
  }
}
