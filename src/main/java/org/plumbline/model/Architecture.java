package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A family of decoders: its parameters in the order of its kernels, and the kernels themselves. */
sealed interface Architecture permits Gpt2, Llama {
  /** What the shared kernels need to know of a decoder's shape. */
  record Shape(
      int vocabulary, int hidden, int layers, int heads, int kvHeads, int headDim, int context) {}

  Shape shape();

  /** The added constant of layer normalisation. */
  double epsilon();

  /** Every weight block of the trunk and the language-model head, in kernel order. */
  List<Block> blocks();

  /** The index of the block that maps hidden states to logits. */
  int lmHead();

  /** The resource with the family's kernels. */
  String kernels();

  /** The base of the rotary frequencies, for families that have them. */
  default double ropeTheta() {
    return 0;
  }

  /** The name under which a tensor of a file is known here: some files leave out a prefix. */
  String canonicalName(String name);

  /** Whether a tensor of a file may be passed over: buffers, and copies of tied weights. */
  boolean isIgnorable(String name);

  /** Reads {@code config.json}; {@code where} is named in errors. */
  static Architecture of(JsonNode config, String where) {
    ConfigReader reader = new ConfigReader(config, where);
    String type = reader.text("model_type");
    return switch (type) {
      case "gpt2" -> Gpt2.of(reader);
      case "llama" -> Llama.of(reader);
      default -> throw reader.invalid("model_type", type, "must be gpt2 or llama");
    };
  }
}
