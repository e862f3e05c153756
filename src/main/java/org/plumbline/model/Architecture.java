package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A family of decoders: its parameters in the order of its kernels, and the kernels themselves. */
sealed interface Architecture permits Gpt2, Llama {
  /** What the shared kernels need to know of a decoder's shape. */
  record Shape(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      Context context) {}

  Shape shape();

  /** How other tools begin the names of the family's classes, such as {@code Llama}. */
  String family();

  /** How they end the name of its language model. */
  default String languageModel() {
    return "ForCausalLM";
  }

  /** What they make of a model with {@code head} on top, for {@code architectures}. */
  default String className(Head head) {
    return family()
        + switch (head) {
          case SCORE -> "ForSequenceClassification";
          case CRITIC -> "Model";
          case NONE, VALUE -> languageModel();
        };
  }

  /** The added constant of layer normalisation. */
  double epsilon();

  /**
   * Every weight block in kernel order, {@link Block#NONE} where the family has none: token and
   * position embeddings; then for each layer fourteen, weight and bias of its first norm, of the
   * query, key and value projections, norms of queries and of keys, weight and bias of the output
   * projection, of the second norm, of the expansion (gate, then up) and of the contraction; then
   * weight and bias of the last norm, and the language-model head unless it is the token embedding.
   */
  List<Block> blocks();

  /** Whether linear layers are stored [in, out], and not [out, in]. */
  default boolean storesInputsFirst() {
    return false;
  }

  /** The resource with the family's kernels. */
  String kernels();

  /** The angles by which one step turns each pair of a head, for families that have them. */
  default double[] ropeFrequencies() {
    return new double[0];
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
      case "llama" -> Llama.of(LlamaFamily.LLAMA, reader);
      case "mistral" -> Llama.of(LlamaFamily.MISTRAL, reader);
      case "qwen2" -> Llama.of(LlamaFamily.QWEN2, reader);
      case "qwen3" -> Llama.of(LlamaFamily.QWEN3, reader);
      default ->
          throw reader.invalid("model_type", type, "must be gpt2, llama, mistral, qwen2 or qwen3");
    };
  }
}
