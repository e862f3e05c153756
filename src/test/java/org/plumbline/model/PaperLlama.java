package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Llama and its relatives: RMSNorm (Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4), on heads too
 * where there are weights for it (Yang et al. 2025, arXiv:2505.09388, section 2), rotary positions
 * (Su et al. 2021, arXiv:2104.09864, eq. 34, with the pairs laid out in halves), grouped-query
 * attention (Ainslie et al. 2023, arXiv:2305.13245) and SwiGLU (Shazeer 2020, arXiv:2002.05202, eq.
 * 6).
 */
final class PaperLlama extends PaperDecoder {
  PaperLlama(NDManager manager, JsonNode config, Map<String, NDArray> weights) {
    super(manager, config, weights);
  }

  @Override
  NDArray embedding() {
    return weight("model.embed_tokens.weight");
  }

  @Override
  NDArray hidden(int... ids) {
    NDArray x = embed(ids);
    for (int layer = 0; layer < size("num_hidden_layers"); layer++) {
      String name = "model.layers." + layer + ".";
      x = x.add(attend(norm(x, name + "input_layernorm"), name + "self_attn."));
      x = x.add(feedForward(norm(x, name + "post_attention_layernorm"), name + "mlp."));
    }
    return norm(x, "model.norm");
  }

  private NDArray attend(NDArray x, String name) {
    NDArray queries = linear(x, name + "q_proj");
    NDArray keys = linear(x, name + "k_proj");
    NDArray values = linear(x, name + "v_proj");
    int heads = size("num_attention_heads");
    int width = (int) queries.getShape().get(1) / heads;
    int shared = (int) (queries.getShape().get(1) / keys.getShape().get(1));
    NDList attended = new NDList();
    for (int i = 0; i < heads; i++) {
      NDArray query = turn(normHead(head(queries, i, width), name + "q_norm"));
      NDArray key = turn(normHead(head(keys, i / shared, width), name + "k_norm"));
      attended.add(attention(query, key, head(values, i / shared, width)));
    }
    return linear(join(attended), name + "o_proj");
  }

  private NDArray normHead(NDArray x, String name) {
    return has(name + ".weight") ? norm(x, name) : x;
  }

  /** Each pair of x [T, D] turned by its frequency times the position. */
  private NDArray turn(NDArray x) {
    int tokens = (int) x.getShape().get(0);
    int half = (int) x.getShape().get(1) / 2;
    double[] cosines = new double[tokens * half];
    double[] sines = new double[tokens * half];
    for (int place = 0; place < cosines.length; place++) {
      double angle = place / half * frequency(place % half, half);
      cosines[place] = Math.cos(angle);
      sines[place] = Math.sin(angle);
    }
    NDArray cos = manager.create(cosines, new Shape(tokens, half));
    NDArray sin = manager.create(sines, new Shape(tokens, half));
    NDArray a = head(x, 0, half);
    NDArray b = head(x, 1, half);
    return NDArrays.concat(new NDList(a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos))), -1);
  }

  private double frequency(int pair, int pairs) {
    JsonNode rope = config.path("rope_parameters");
    JsonNode theta = config.hasNonNull("rope_theta") ? config : rope;
    double frequency = Math.pow(theta.get("rope_theta").asDouble(), -(double) pair / pairs);
    rope = rope.isObject() ? rope : config.path("rope_scaling");
    return switch (rope.path("rope_type").asText(rope.path("type").asText())) {
      case "linear" -> frequency / rope.get("factor").asDouble();
      case "llama3" -> llama3(frequency, rope);
      default -> frequency;
    };
  }

  /** The reference code of Llama 3.1, by wavelengths. */
  private static double llama3(double frequency, JsonNode rope) {
    double context = rope.get("original_max_position_embeddings").asDouble();
    double low = rope.get("low_freq_factor").asDouble();
    double high = rope.get("high_freq_factor").asDouble();
    double wavelength = 2 * Math.PI / frequency;
    double divided = frequency / rope.get("factor").asDouble();
    if (wavelength < context / high) {
      return frequency;
    }
    if (wavelength > context / low) {
      return divided;
    }
    double smooth = (context / wavelength - low) / (high - low);
    return (1 - smooth) * divided + smooth * frequency;
  }

  private NDArray feedForward(NDArray x, String name) {
    NDArray gate = linear(x, name + "gate_proj");
    NDArray swish = gate.div(gate.neg().exp().add(1));
    return linear(swish.mul(linear(x, name + "up_proj")), name + "down_proj");
  }

  private NDArray norm(NDArray x, String name) {
    double epsilon = config.get("rms_norm_eps").asDouble();
    NDArray scale = x.mul(x).mean(new int[] {1}, true).add(epsilon).sqrt();
    return x.div(scale).mul(weight(name + ".weight"));
  }
}
