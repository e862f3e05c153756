package org.plumbline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Llama and its relatives: RMSNorm, rotary positions, SwiGLU (Touvron et al. 2023,
 * arXiv:2302.13971).
 */
record Llama(
    LlamaFamily member,
    Shape shape,
    LlamaFamily.Biases biases,
    int intermediate,
    double epsilon,
    Rope rope,
    boolean tied,
    double deviation)
    implements Architecture {

  static Llama of(LlamaFamily member, ConfigReader config) {
    config.only("hidden_act", "silu");
    int heads = config.positive("num_attention_heads");
    int layers = config.positive("num_hidden_layers");
    Shape shape =
        new Shape(
            config.positive("vocab_size"),
            config.positive("hidden_size"),
            layers,
            heads,
            kvHeads(member, config, heads),
            headDim(member, config),
            context(member, config, layers));
    return new Llama(
        member,
        shape,
        member.biases(config),
        config.positive("intermediate_size"),
        config.positiveNumber("rms_norm_eps", 1e-6),
        Rope.of(config),
        config.flag("tie_word_embeddings", false),
        config.number("initializer_range", 0.02));
  }

  private static int kvHeads(LlamaFamily member, ConfigReader config, int heads) {
    String key = "num_key_value_heads";
    int kvHeads =
        config.mentions(key) ? config.positive(key, heads) : member.kvHeads().orElse(heads);
    if (heads % kvHeads != 0) {
      throw config.invalid(
          "num_attention_heads",
          Integer.toString(heads),
          "must be a multiple of " + key + " " + kvHeads);
    }
    return kvHeads;
  }

  private static int headDim(LlamaFamily member, ConfigReader config) {
    int size =
        config.has("head_dim")
            ? config.positive("head_dim")
            : member
                .headDim()
                .orElseGet(() -> config.quotient("hidden_size", "num_attention_heads"));
    if (size % 2 != 0) {
      // Rotary positions turn pairs.
      throw config.invalid("head_dim", Integer.toString(size), "must be even");
    }
    return size;
  }

  private static Context context(LlamaFamily member, ConfigReader config, int layers) {
    String key = "max_position_embeddings";
    Context context = new Context(config.positive(key), key);
    return member.slides(config, layers)
        ? context.within(SlidingWindow.width(config).orElse(context.tokens()))
        : context;
  }

  @Override
  public String family() {
    return member.prefix();
  }

  @Override
  public List<Block> blocks() {
    int c = shape.hidden();
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.of(matrix("model.embed_tokens.weight", shape.vocabulary(), c, deviation)));
    blocks.add(Block.NONE);
    for (int i = 0; i < shape.layers(); i++) {
      String layer = "model.layers." + i + ".";
      norm(blocks, layer + "input_layernorm", c);
      attention(blocks, layer + "self_attn.");
      norm(blocks, layer + "post_attention_layernorm", c);
      feedForward(blocks, layer + "mlp.");
    }
    norm(blocks, "model.norm", c);
    blocks.add(
        tied ? Block.NONE : Block.of(matrix(Layout.LM_HEAD, shape.vocabulary(), c, deviation)));
    return blocks;
  }

  private void attention(List<Block> blocks, String name) {
    int c = shape.hidden();
    int q = shape.heads() * shape.headDim();
    int kv = shape.kvHeads() * shape.headDim();
    linear(
        blocks,
        biases.projections(),
        matrix(name + "q_proj.weight", q, c, deviation),
        matrix(name + "k_proj.weight", kv, c, deviation),
        matrix(name + "v_proj.weight", kv, c, deviation));
    blocks.add(headNorm(name + "q_norm.weight"));
    blocks.add(headNorm(name + "k_norm.weight"));
    linear(blocks, biases.output(), matrix(name + "o_proj.weight", c, q, residualDeviation()));
  }

  private void feedForward(List<Block> blocks, String name) {
    int c = shape.hidden();
    linear(
        blocks,
        biases.feedForward(),
        matrix(name + "gate_proj.weight", intermediate, c, deviation),
        matrix(name + "up_proj.weight", intermediate, c, deviation));
    linear(
        blocks,
        biases.feedForward(),
        matrix(name + "down_proj.weight", c, intermediate, residualDeviation()));
  }

  /** Projections that write to the residual stream start smaller (Radford et al. 2019). */
  private double residualDeviation() {
    return deviation / Math.sqrt(2.0 * shape.layers());
  }

  private Block headNorm(String name) {
    return member.normsHeads() ? Block.of(scale(name, shape.headDim())) : Block.NONE;
  }

  private static void norm(List<Block> blocks, String name, int size) {
    blocks.add(Block.of(scale(name + ".weight", size)));
    blocks.add(Block.NONE);
  }

  /** Linear layers that read the same: their weights, then their biases if they have any. */
  private static void linear(List<Block> blocks, boolean biased, Parameter... weights) {
    blocks.add(Block.of(weights));
    Parameter[] biases = Stream.of(weights).map(Llama::bias).toArray(Parameter[]::new);
    blocks.add(biased ? Block.of(biases) : Block.NONE);
  }

  private static Parameter matrix(String name, int rows, int columns, double deviation) {
    return new Parameter(name, new long[] {rows, columns}, Parameter.Init.normal(deviation));
  }

  private static Parameter bias(Parameter weight) {
    String name = weight.name().replaceFirst("weight$", "bias");
    return new Parameter(name, new long[] {weight.shape()[0]}, Parameter.Init.ZERO);
  }

  private static Parameter scale(String name, int size) {
    return new Parameter(name, new long[] {size}, Parameter.Init.ONE);
  }

  @Override
  public String kernels() {
    return "llama.py";
  }

  @Override
  public double[] ropeFrequencies() {
    return rope.frequencies(shape.headDim());
  }

  @Override
  public String canonicalName(String name) {
    boolean bare = name.startsWith("embed_tokens.") || name.startsWith("layers.");
    return bare || name.startsWith("norm.") ? "model." + name : name;
  }

  @Override
  public boolean isIgnorable(String name) {
    return name.endsWith("rotary_emb.inv_freq") || (tied && name.equals(Layout.LM_HEAD));
  }
}
