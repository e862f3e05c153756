package org.plumbline.model;

import java.util.ArrayList;
import java.util.List;

/** GPT-2 (Radford et al. 2019): learned positions, LayerNorm, GELU. */
record Gpt2(Shape shape, int intermediate, double epsilon, boolean tied, double deviation)
    implements Architecture {

  static Gpt2 of(ConfigReader config) {
    config.only("activation_function", "gelu_new");
    config.only("scale_attn_by_inverse_layer_idx", "false");
    config.only("scale_attn_weights", "true");
    int hidden = config.positive("n_embd");
    int heads = config.positive("n_head");
    Shape shape =
        new Shape(
            config.positive("vocab_size"),
            hidden,
            config.positive("n_layer"),
            heads,
            heads,
            config.quotient("n_embd", "n_head"),
            new Context(config.positive("n_positions"), "n_positions"));
    return new Gpt2(
        shape,
        config.positive("n_inner", 4 * hidden),
        config.positiveNumber("layer_norm_epsilon", 1e-5),
        config.flag("tie_word_embeddings", true),
        config.number("initializer_range", 0.02));
  }

  @Override
  public String family() {
    return "GPT2";
  }

  @Override
  public String languageModel() {
    return "LMHeadModel";
  }

  @Override
  public List<Block> blocks() {
    int c = shape.hidden();
    // Projections that write to the residual stream start smaller (Radford et al. 2019).
    double residual = deviation / Math.sqrt(2.0 * shape.layers());
    List<Block> blocks = new ArrayList<>();
    blocks.add(matrix("transformer.wte.weight", shape.vocabulary(), c, deviation));
    blocks.add(matrix("transformer.wpe.weight", shape.context().tokens(), c, deviation));
    for (int i = 0; i < shape.layers(); i++) {
      String layer = "transformer.h." + i + ".";
      norm(blocks, layer + "ln_1");
      affine(blocks, layer + "attn.c_attn", c, 3 * c, deviation);
      blocks.add(Block.NONE);
      blocks.add(Block.NONE);
      affine(blocks, layer + "attn.c_proj", c, c, residual);
      norm(blocks, layer + "ln_2");
      affine(blocks, layer + "mlp.c_fc", c, intermediate, deviation);
      affine(blocks, layer + "mlp.c_proj", intermediate, c, residual);
    }
    norm(blocks, "transformer.ln_f");
    blocks.add(tied ? Block.NONE : matrix("lm_head.weight", shape.vocabulary(), c, deviation));
    return blocks;
  }

  @Override
  public boolean storesInputsFirst() {
    return true;
  }

  @Override
  public String kernels() {
    return "gpt2.py";
  }

  @Override
  public String canonicalName(String name) {
    boolean bare = name.startsWith("wte.") || name.startsWith("wpe.");
    bare = bare || name.startsWith("h.") || name.startsWith("ln_f.");
    return bare ? "transformer." + name : name;
  }

  @Override
  public boolean isIgnorable(String name) {
    return (tied && name.equals("lm_head.weight"))
        || name.endsWith(".attn.bias")
        || name.endsWith(".attn.masked_bias");
  }

  private void norm(List<Block> blocks, String name) {
    long[] size = {shape.hidden()};
    blocks.add(Block.of(new Parameter(name + ".weight", size, Parameter.Init.ONE)));
    blocks.add(Block.of(new Parameter(name + ".bias", size, Parameter.Init.ZERO)));
  }

  private static void affine(List<Block> blocks, String name, int in, int out, double deviation) {
    blocks.add(matrix(name + ".weight", in, out, deviation));
    blocks.add(Block.of(new Parameter(name + ".bias", new long[] {out}, Parameter.Init.ZERO)));
  }

  private static Block matrix(String name, int rows, int columns, double deviation) {
    return Block.of(
        new Parameter(name, new long[] {rows, columns}, Parameter.Init.normal(deviation)));
  }
}
