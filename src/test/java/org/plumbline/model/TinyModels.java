package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Folders of very small models whose every weight is random, heads and norms too. */
final class TinyModels {
  static final int CONTEXT = 24;
  static final int VOCABULARY = 40;

  /** Untied, with query heads that share keys, and heads wider than hidden / heads. */
  static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 40, "hidden_size": 16, "intermediate_size": 20,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6,
       "max_position_embeddings": 24, "rms_norm_eps": 0.001, "rope_theta": 100.0,
       "tie_word_embeddings": false, "initializer_range": 0.2}
      """;

  static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 40, "n_embd": 16, "n_layer": 2, "n_head": 4,
       "n_positions": 24, "initializer_range": 0.2}
      """;

  private TinyModels() {}

  static JsonNode json(String config) {
    try {
      return new ObjectMapper().readTree(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the kernels make of a description, which errors call "here". */
  static Architecture architecture(String config) {
    return Architecture.of(json(config), "here");
  }

  /** Only a description. */
  static ModelFolder describe(Path folder, String config) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config);
    return new ModelFolder(folder.toUri().toString(), new Configuration());
  }

  /** A description and weights. */
  static ModelFolder write(Path folder, String config, Head head) throws IOException {
    ModelFolder model = describe(folder, config);
    try (Decoder decoder = model.decoder(head);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      write(folder, decoder, random(decoder, manager));
    }
    return model;
  }

  static void write(Path folder, Decoder decoder, NDArray flat) throws IOException {
    WeightShards.of(decoder, WeightType.F32, 1)
        .write(0, flat, name -> Files.newOutputStream(folder.resolve(name)));
    if (decoder.head() == Head.VALUE) {
      Files.createDirectories(folder.resolve("plumbline"));
      try (OutputStream out = Files.newOutputStream(folder.resolve(Weights.VALUE_FILE))) {
        Weights.writeValueHead(decoder, flat, out);
      }
    }
  }

  static LoadedModel load(Path folder, String config, Head head) throws IOException {
    Decoder.prepareThread(1);
    return LoadedModel.load(write(folder, config, head).uri(), head, new Configuration());
  }

  /**
   * Initial weights with noise on all of them, so that none is zero or one. Heads have the same
   * noise, whatever is below them.
   */
  static NDArray random(Decoder decoder, NDManager manager) {
    return random(decoder.layout(), manager);
  }

  /** The same for any layout, such as that of adapters. */
  static NDArray random(Layout layout, NDManager manager) {
    NDArray flat = Weights.initial(layout, 5, manager);
    Random trunk = new Random(6);
    Random head = new Random(7);
    for (Layout.Slot slot : layout.slots().values()) {
      String name = slot.parameter().name();
      Random noise = Head.SCORE.owns(name) || Head.VALUE.owns(name) ? head : trunk;
      FloatBuffer values = slot.bytes(flat).asFloatBuffer();
      for (int i = 0; i < values.limit(); i++) {
        values.put(i, values.get(i) + (float) (0.2 * noise.nextGaussian()));
      }
    }
    return flat;
  }
}
