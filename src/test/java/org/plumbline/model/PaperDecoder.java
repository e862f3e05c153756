package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.plumbline.objective.Scalar;

/**
 * A decoder as papers write it: in double precision, one row at a time and nothing padded, by plain
 * array operations that autograd follows. It has no equation in common with the kernels, only the
 * names of the weights.
 */
abstract class PaperDecoder {
  final NDManager manager;
  final JsonNode config;
  private final Map<String, NDArray> weights;

  PaperDecoder(NDManager manager, JsonNode config, Map<String, NDArray> weights) {
    this.manager = manager;
    this.config = config;
    this.weights = weights;
  }

  /** A decoder with the weights that lie in {@code flat}. */
  static PaperDecoder of(Decoder decoder, JsonNode config, NDArray flat, NDManager manager) {
    Map<String, NDArray> weights = new LinkedHashMap<>();
    float[] all = flat.toFloatArray();
    for (Layout.Slot slot : decoder.layout().slots().values()) {
      double[] numbers = new double[(int) slot.parameter().size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = all[(int) slot.offset() + i];
      }
      NDArray weight = manager.create(numbers, new Shape(slot.parameter().shape()));
      weight.setRequiresGradient(true);
      weights.put(slot.parameter().name(), weight);
    }
    return config.get("model_type").asText().equals("gpt2")
        ? new PaperGpt2(manager, config, weights)
        : new PaperLlama(manager, config, weights);
  }

  /** Final hidden states [T, C]. */
  abstract NDArray hidden(int... ids);

  /** The token embedding [V, C]. */
  abstract NDArray embedding();

  boolean has(String name) {
    return weights.containsKey(name);
  }

  NDArray weight(String name) {
    return weights.get(name);
  }

  /** What has been walked back to a weight so far; zeros if nothing has. */
  double[] gradient(String name) {
    NDArray gradient = JniUtils.getGradient((PtNDArray) weight(name));
    return gradient == null ? new double[(int) weight(name).size()] : gradient.toDoubleArray();
  }

  int size(String key) {
    return config.get(key).asInt();
  }

  /** [T, V] */
  NDArray logits(int... ids) {
    NDArray words = has("lm_head.weight") ? weight("lm_head.weight") : embedding();
    return hidden(ids).matMul(words.transpose());
  }

  /** Log-probabilities [n, V] of what might stand in place of each of n response tokens. */
  private NDArray distributions(Sequence row, double temperature) {
    int first = row.prompt().length - 1;
    NDArray logits = logits(ids(row)).get(new NDIndex("{}:{}", first, row.length() - 1));
    NDArray scaled = Scalar.over(logits, temperature);
    NDArray top = scaled.max(new int[] {1}, true);
    NDArray sums = scaled.sub(top).exp().sum(new int[] {1}, true);
    return scaled.sub(top).sub(sums.log());
  }

  /** [n] */
  NDArray logprobs(Sequence row, double temperature) {
    NDArray all = distributions(row, temperature);
    return all.mul(oneHot(row.response(), (int) all.getShape().get(1))).sum(new int[] {1});
  }

  /** [n] */
  NDArray entropies(Sequence row, double temperature) {
    NDArray all = distributions(row, temperature);
    return all.exp().mul(all).sum(new int[] {1}).neg();
  }

  /** Values [n] of what stands before each response token. */
  NDArray values(Sequence row) {
    NDArray states = hidden(ids(row));
    states = states.get(new NDIndex("{}:{}", row.prompt().length - 1, row.length() - 1));
    return linear(states, "value_head").squeeze(1);
  }

  /** A number. */
  NDArray score(Sequence row) {
    return linear(hidden(ids(row)), "score").get(new NDIndex("-1, 0"));
  }

  /** Rows [T, C] of the token embedding. */
  NDArray embed(int... ids) {
    return oneHot(ids, (int) embedding().getShape().get(0)).matMul(embedding());
  }

  /** x [T, I] through a layer whose weight is [O, I], and whose bias may be left out. */
  NDArray linear(NDArray x, String name) {
    NDArray y = x.matMul(weight(name + ".weight").transpose());
    return has(name + ".bias") ? y.add(weight(name + ".bias")) : y;
  }

  /** Columns of x that belong to one head. */
  static NDArray head(NDArray x, int index, int size) {
    return x.get(new NDIndex(":, {}:{}", index * size, (index + 1) * size));
  }

  /**
   * Scaled dot-product attention of one head, all [T, D] (Vaswani et al. 2017, arXiv:1706.03762,
   * eq. 1), each token to those up to itself, and no more of them than a window has (Jiang et al.
   * 2023, arXiv:2310.06825, section 2).
   */
  NDArray attention(NDArray queries, NDArray keys, NDArray values) {
    int tokens = (int) queries.getShape().get(0);
    int window = config.path("sliding_window").asInt(tokens);
    double[] unseen = new double[tokens * tokens];
    for (int t = 0; t < tokens; t++) {
      for (int s = 0; s < tokens; s++) {
        boolean sees = s <= t && s > t - window;
        unseen[t * tokens + s] = sees ? 0 : Double.NEGATIVE_INFINITY;
      }
    }
    NDArray likeness =
        Scalar.over(queries.matMul(keys.transpose()), Math.sqrt(queries.getShape().get(1)));
    NDArray mask = manager.create(unseen, new Shape(tokens, tokens));
    return likeness.add(mask).softmax(-1).matMul(values);
  }

  static NDArray join(NDList heads) {
    return NDArrays.concat(heads, -1);
  }

  static int[] ids(Sequence row) {
    return IntStream.concat(IntStream.of(row.prompt()), IntStream.of(row.response())).toArray();
  }

  private NDArray oneHot(int[] ids, int words) {
    double[] ones = new double[ids.length * words];
    for (int t = 0; t < ids.length; t++) {
      ones[t * words + ids[t]] = 1;
    }
    return manager.create(ones, new Shape(ids.length, words));
  }
}
