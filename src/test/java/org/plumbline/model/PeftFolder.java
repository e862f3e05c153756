package org.plumbline.model;

import static org.plumbline.model.SafetensorsTest.tensor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** A folder of adapters with all that PEFT 0.17 writes into its config, beside the tiny models. */
record PeftFolder(Path folder, ObjectNode config, Map<String, Matrix> matrices) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CONFIG =
      """
      {"alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "../base",
       "bias": "none", "corda_config": null, "eva_config": null, "exclude_modules": null,
       "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true,
       "layer_replication": null, "layers_pattern": null, "layers_to_transform": null,
       "loftq_config": {}, "lora_alpha": 6, "lora_bias": false, "lora_dropout": 0.05,
       "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": null,
       "peft_type": "LORA", "qalora_group_size": 16, "r": 2, "rank_pattern": {},
       "revision": null, "target_modules": [], "target_parameters": null,
       "task_type": "CAUSAL_LM", "trainable_token_indices": null, "use_dora": false,
       "use_qalora": false, "use_rslora": false}
      """;

  record Matrix(int rows, int columns, float[] values) {
    static Matrix random(int rows, int columns, Random random) {
      float[] values = new float[rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.3 * random.nextGaussian());
      }
      return new Matrix(rows, columns, values);
    }
  }

  /** Adapters of queries and values of the tiny Llama: hidden 16, 4 heads of 6 and 2 of values. */
  static PeftFolder llama(Path folder) throws IOException {
    PeftFolder peft = empty(folder, "v_proj", "q_proj");
    for (int layer = 0; layer < 2; layer++) {
      String attention = "base_model.model.model.layers." + layer + ".self_attn.";
      peft.add(attention + "q_proj", 16, 24).add(attention + "v_proj", 16, 12);
    }
    return peft;
  }

  /** Adapters of one layer of the tiny GPT-2, whose own weight is stored [in, out]. */
  static PeftFolder gpt2(Path folder) throws IOException {
    PeftFolder peft = empty(folder, "c_attn");
    peft.config.put("fan_in_fan_out", true);
    for (int layer = 0; layer < 2; layer++) {
      peft.add("base_model.model.transformer.h." + layer + ".attn.c_attn", 16, 48);
    }
    return peft;
  }

  private static PeftFolder empty(Path folder, String... targets) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(CONFIG);
    for (String target : targets) {
      config.withArray("target_modules").add(target);
    }
    return new PeftFolder(folder, config, new LinkedHashMap<>());
  }

  private PeftFolder add(String module, int in, int out) {
    Random random = new Random(module.hashCode());
    matrices.put(module + ".lora_A.weight", Matrix.random(2, in, random));
    matrices.put(module + ".lora_B.weight", Matrix.random(out, 2, random));
    return this;
  }

  /** Adds a matrix of any name. */
  PeftFolder with(String name, int rows, int columns) {
    matrices.put(name, Matrix.random(rows, columns, new Random(rows)));
    return this;
  }

  /** As PEFT saves the adapters of a model that classifies sequences. */
  PeftFolder scoring() {
    config.put("task_type", "SEQ_CLS").putArray("modules_to_save").add("classifier").add("score");
    return with("base_model.model.score.weight", 1, 16);
  }

  ModelFolder write() throws IOException {
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve("adapter_config.json").toFile(), config);
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    matrices.forEach(
        (name, matrix) ->
            tensors.add(tensor(name, matrix.values(), matrix.rows(), matrix.columns())));
    try (OutputStream out = Files.newOutputStream(folder.resolve("adapter_model.safetensors"))) {
      SafetensorsWriter.write(out, WeightType.F32, tensors);
    }
    return new ModelFolder(folder.toUri().toString(), new Configuration());
  }
}
