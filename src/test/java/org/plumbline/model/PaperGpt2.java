package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * GPT-2 (Radford et al. 2019, section 2.3): layer normalisation (Ba et al. 2016, arXiv:1607.06450,
 * eq. 4) before each block, learned positions, and GELU by its tanh (Hendrycks and Gimpel 2016,
 * arXiv:1606.08415, section 2). Its files hold linear layers as [in, out].
 */
final class PaperGpt2 extends PaperDecoder {
  PaperGpt2(NDManager manager, JsonNode config, Map<String, NDArray> weights) {
    super(manager, config, weights);
  }

  @Override
  NDArray embedding() {
    return weight("transformer.wte.weight");
  }

  @Override
  NDArray hidden(int... ids) {
    NDArray places = weight("transformer.wpe.weight").get(new NDIndex("0:{}", ids.length));
    NDArray x = embed(ids).add(places);
    for (int layer = 0; layer < size("n_layer"); layer++) {
      String name = "transformer.h." + layer + ".";
      x = x.add(attend(norm(x, name + "ln_1"), name + "attn."));
      NDArray inner = gelu(affine(norm(x, name + "ln_2"), name + "mlp.c_fc"));
      x = x.add(affine(inner, name + "mlp.c_proj"));
    }
    return norm(x, "transformer.ln_f");
  }

  private NDArray attend(NDArray x, String name) {
    int heads = size("n_head");
    int width = size("n_embd") / heads;
    NDArray all = affine(x, name + "c_attn");
    NDList attended = new NDList();
    for (int i = 0; i < heads; i++) {
      NDArray key = head(all, heads + i, width);
      attended.add(attention(head(all, i, width), key, head(all, 2 * heads + i, width)));
    }
    return affine(join(attended), name + "c_proj");
  }

  private NDArray affine(NDArray x, String name) {
    return x.matMul(weight(name + ".weight")).add(weight(name + ".bias"));
  }

  private static NDArray gelu(NDArray x) {
    NDArray inner = x.mul(x).mul(x).mul(0.044715).add(x).mul(Math.sqrt(2 / Math.PI));
    return inner.tanh().add(1).mul(x).mul(0.5);
  }

  private NDArray norm(NDArray x, String name) {
    NDArray centred = x.sub(x.mean(new int[] {1}, true));
    NDArray deviation = centred.mul(centred).mean(new int[] {1}, true).add(1e-5).sqrt();
    return centred.div(deviation).mul(weight(name + ".weight")).add(weight(name + ".bias"));
  }
}
