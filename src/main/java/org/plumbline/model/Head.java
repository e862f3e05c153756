package org.plumbline.model;

import java.util.List;

/** What sits on the trunk besides the language-model head: one linear unit, or nothing. */
public enum Head {
  /** The language model alone. */
  NONE("", false),
  /**
   * The score of a reward model, read at the last token. Without a bias, as Hugging Face has it:
   * the Bradley-Terry model cannot see one.
   */
  SCORE("score", false),
  /** The value of a policy, read at every token. */
  VALUE("value_head", true);

  private final String prefix;
  private final boolean bias;

  Head(String prefix, boolean bias) {
    this.prefix = prefix;
    this.bias = bias;
  }

  List<Block> blocks(int hidden) {
    if (this == NONE) {
      return List.of();
    }
    Block weight =
        Block.of(new Parameter(prefix + ".weight", new long[] {1, hidden}, Parameter.Init.ZERO));
    return bias
        ? List.of(
            weight, Block.of(new Parameter(prefix + ".bias", new long[] {1}, Parameter.Init.ZERO)))
        : List.of(weight);
  }

  /** The kernel's expression for the head on hidden states {@code x}; its blocks are the last. */
  String kernel(int hidden) {
    return bias
        ? "torch.linear(x, torch.view(w[-2], [1, %d]), w[-1])".formatted(hidden)
        : "torch.linear(x, torch.view(w[-1], [1, %d]))".formatted(hidden);
  }

  /** Whether the parameter called {@code name} belongs to this head. */
  boolean owns(String name) {
    return this != NONE && name.startsWith(prefix + ".");
  }
}
