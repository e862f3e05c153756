package org.plumbline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Llama (Touvron et al. 2023, arXiv:2302.13971): RMSNorm, rotary positions, SwiGLU. */
record Llama(
    Shape shape, int intermediate, double epsilon, double ropeTheta, boolean tied, double deviation)
    implements Architecture {

  static Llama of(ConfigReader config) {
    config.only("hidden_act", "silu");
    config.only("attention_bias", "false");
    config.only("mlp_bias", "false");
    int heads = config.positive("num_attention_heads");
    boolean shares = config.has("num_key_value_heads");
    Shape shape =
        new Shape(
            config.positive("vocab_size"),
            config.positive("hidden_size"),
            config.positive("num_hidden_layers"),
            heads,
            shares ? heads / config.quotient("num_attention_heads", "num_key_value_heads") : heads,
            headDim(config),
            config.positive("max_position_embeddings"));
    return new Llama(
        shape,
        config.positive("intermediate_size"),
        config.number("rms_norm_eps", 1e-6),
        ropeTheta(config),
        config.flag("tie_word_embeddings", false),
        config.number("initializer_range", 0.02));
  }

  private static int headDim(ConfigReader config) {
    int size =
        config.has("head_dim")
            ? config.positive("head_dim")
            : config.quotient("hidden_size", "num_attention_heads");
    if (size % 2 != 0) {
      // Rotary positions turn pairs.
      throw config.invalid("head_dim", Integer.toString(size), "must be even");
    }
    return size;
  }

  /** Newer folders keep the base of the rotary frequencies among {@code rope_parameters}. */
  private static double ropeTheta(ConfigReader config) {
    if (config.has("rope_scaling")) {
      throw config.invalid(
          "rope_scaling", config.config().get("rope_scaling").toString(), "must be absent");
    }
    if (!config.has("rope_parameters")) {
      return config.number("rope_theta", 10000);
    }
    ConfigReader rope = new ConfigReader(config.config().get("rope_parameters"), config.where());
    rope.only("rope_type", "default");
    return rope.number("rope_theta", 10000);
  }

  @Override
  public String family() {
    return "Llama";
  }

  @Override
  public List<Block> blocks() {
    int c = shape.hidden();
    int q = shape.heads() * shape.headDim();
    int kv = shape.kvHeads() * shape.headDim();
    // Projections that write to the residual stream start smaller (Radford et al. 2019).
    double residual = deviation / Math.sqrt(2.0 * shape.layers());
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.of(matrix("model.embed_tokens.weight", shape.vocabulary(), c, deviation)));
    blocks.add(Block.NONE);
    for (int i = 0; i < shape.layers(); i++) {
      String layer = "model.layers." + i + ".";
      norm(blocks, layer + "input_layernorm");
      blocks.add(
          Block.of(
              matrix(layer + "self_attn.q_proj.weight", q, c, deviation),
              matrix(layer + "self_attn.k_proj.weight", kv, c, deviation),
              matrix(layer + "self_attn.v_proj.weight", kv, c, deviation)));
      blocks.add(Block.NONE);
      blocks.add(Block.NONE);
      blocks.add(Block.NONE);
      linear(blocks, layer + "self_attn.o_proj", c, q, residual);
      norm(blocks, layer + "post_attention_layernorm");
      blocks.add(
          Block.of(
              matrix(layer + "mlp.gate_proj.weight", intermediate, c, deviation),
              matrix(layer + "mlp.up_proj.weight", intermediate, c, deviation)));
      blocks.add(Block.NONE);
      linear(blocks, layer + "mlp.down_proj", c, intermediate, residual);
    }
    norm(blocks, "model.norm");
    blocks.add(
        tied ? Block.NONE : Block.of(matrix(Layout.LM_HEAD, shape.vocabulary(), c, deviation)));
    return blocks;
  }

  @Override
  public String kernels() {
    return "llama.py";
  }

  @Override
  public double[] ropeFrequencies() {
    return IntStream.range(0, shape.headDim() / 2)
        .mapToDouble(pair -> Math.pow(ropeTheta, -2.0 * pair / shape.headDim()))
        .toArray();
  }

  @Override
  public String canonicalName(String name) {
    return name;
  }

  @Override
  public boolean isIgnorable(String name) {
    return name.endsWith("rotary_emb.inv_freq") || (tied && name.equals(Layout.LM_HEAD));
  }

  /** A norm without a bias. */
  private void norm(List<Block> blocks, String name) {
    long[] size = {shape.hidden()};
    blocks.add(Block.of(new Parameter(name + ".weight", size, Parameter.Init.ONE)));
    blocks.add(Block.NONE);
  }

  /** A linear layer without a bias. */
  private static void linear(List<Block> blocks, String name, int out, int in, double deviation) {
    blocks.add(Block.of(matrix(name + ".weight", out, in, deviation)));
    blocks.add(Block.NONE);
  }

  private static Parameter matrix(String name, int rows, int columns, double deviation) {
    return new Parameter(name, new long[] {rows, columns}, Parameter.Init.normal(deviation));
  }
}
