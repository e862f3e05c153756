package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Llama as its papers write it, a number at a time in double precision: RMSNorm (Zhang and Sennrich
 * 2019, arXiv:1910.07467, eq. 4), rotary positions (Su et al. 2021, arXiv:2104.09864, eq. 34, with
 * the pairs laid out in halves), grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245)
 * and SwiGLU (Shazeer 2020, arXiv:2002.05202, eq. 6).
 *
 * @param weights by their names in a Hugging Face folder, matrices as [out, in]
 */
record PaperLlama(JsonNode config, Map<String, float[]> weights) {
  /** [T, V] */
  double[][] logits(long... ids) {
    return each(hidden(ids), state -> times("lm_head", state));
  }

  /** What heads are put on: [T, C]. */
  double[][] hidden(long... ids) {
    double[][] x = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      x[t] = row("model.embed_tokens.weight", (int) ids[t], config.get("hidden_size").asInt());
    }
    for (int layer = 0; layer < config.get("num_hidden_layers").asInt(); layer++) {
      String name = "model.layers." + layer + ".";
      double[][] attended =
          attention(name + "self_attn.", each(x, state -> norm(name + "input_layernorm", state)));
      for (int t = 0; t < ids.length; t++) {
        x[t] = sum(x[t], attended[t]);
        double[] y = norm(name + "post_attention_layernorm", x[t]);
        x[t] = sum(x[t], feedForward(name + "mlp.", y));
      }
    }
    return each(x, state -> norm("model.norm", state));
  }

  private double[][] attention(String name, double[][] y) {
    int heads = config.get("num_attention_heads").asInt();
    int shared = heads / config.get("num_key_value_heads").asInt();
    int size = config.get("head_dim").asInt();
    double[][] output = new double[y.length][];
    for (int t = 0; t < y.length; t++) {
      double[] joined = new double[heads * size];
      for (int head = 0; head < heads; head++) {
        double[] query = rotate(part(times(name + "q_proj", y[t]), head, size), t);
        double[] weight = new double[t + 1];
        double total = 0;
        for (int s = 0; s <= t; s++) {
          double[] key = rotate(part(times(name + "k_proj", y[s]), head / shared, size), s);
          weight[s] = Math.exp(dot(query, key) / Math.sqrt(size));
          total += weight[s];
        }
        for (int s = 0; s <= t; s++) {
          double[] value = part(times(name + "v_proj", y[s]), head / shared, size);
          for (int i = 0; i < size; i++) {
            joined[head * size + i] += weight[s] / total * value[i];
          }
        }
      }
      output[t] = times(name + "o_proj", joined);
    }
    return output;
  }

  private double[] rotate(double[] x, int position) {
    int half = x.length / 2;
    double[] turned = new double[x.length];
    for (int i = 0; i < half; i++) {
      double angle = position * Math.pow(config.get("rope_theta").asDouble(), -2.0 * i / x.length);
      turned[i] = x[i] * Math.cos(angle) - x[i + half] * Math.sin(angle);
      turned[i + half] = x[i] * Math.sin(angle) + x[i + half] * Math.cos(angle);
    }
    return turned;
  }

  private double[] feedForward(String name, double[] y) {
    double[] gate = times(name + "gate_proj", y);
    double[] up = times(name + "up_proj", y);
    for (int i = 0; i < up.length; i++) {
      up[i] *= gate[i] / (1 + Math.exp(-gate[i]));
    }
    return times(name + "down_proj", up);
  }

  private double[] norm(String name, double[] x) {
    double scale = Math.sqrt(dot(x, x) / x.length + config.get("rms_norm_eps").asDouble());
    double[] y = row(name + ".weight", 0, x.length);
    for (int i = 0; i < x.length; i++) {
      y[i] *= x[i] / scale;
    }
    return y;
  }

  private double[] times(String name, double[] x) {
    double[] y = new double[weights.get(name + ".weight").length / x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = dot(row(name + ".weight", i, x.length), x);
    }
    return y;
  }

  private double[] row(String name, int index, int size) {
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      row[i] = weights.get(name)[index * size + i];
    }
    return row;
  }

  private static double[][] each(double[][] x, UnaryOperator<double[]> function) {
    return Arrays.stream(x).map(function).toArray(double[][]::new);
  }

  private static double[] part(double[] x, int index, int size) {
    double[] part = new double[size];
    System.arraycopy(x, index * size, part, 0, size);
    return part;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < a.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
