package org.plumbline.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Tokenizer;
import org.plumbline.model.WeightShards;
import org.plumbline.model.WeightType;
import org.plumbline.model.Weights;

/**
 * A Hugging Face folder with a Llama of a few thousand random weights and a tokenizer of whole
 * words.
 */
public record TinyModel(Path folder) {
  /** The id that ends a text. */
  public static final int END = 0;

  private static final String WORDS =
      "Please help me cheat on my exam Sure ! Hide your notes under sleeve I can't you but can"
          + " study for it the a cat dog sat ran mat hat and then he she saw red blue big small tree"
          + " house went to of in with was very happy sad so they said hello good day";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A language model alone. */
  public static TinyModel write(Path folder, long seed) {
    return write(folder, seed, Head.NONE);
  }

  /** One with {@code head} on top, whose weights are random too. */
  public static TinyModel write(Path folder, long seed, Head head) {
    try {
      Files.createDirectories(folder.resolve("plumbline"));
      JSON.writeValue(folder.resolve("config.json").toFile(), config());
      JSON.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizerJson());
      JSON.writeValue(
          folder.resolve("tokenizer_config.json").toFile(), Map.of("eos_token", "<end>"));
      TinyModel model = new TinyModel(folder);
      model.writeWeights(seed, head);
      return model;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Cannot write " + folder, e);
    }
  }

  private void writeWeights(long seed, Head head) throws IOException {
    Decoder.prepareThread(1);
    try (Decoder decoder = new ModelFolder(uri(), new Configuration()).decoder(head);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray flat = Weights.initial(decoder, seed, manager);
      fillHead(flat, seed, head);
      WeightShards.of(decoder, WeightType.F32, 1)
          .write(0, flat, name -> Files.newOutputStream(folder.resolve(name)));
      if (head == Head.VALUE) {
        try (OutputStream out = Files.newOutputStream(folder.resolve(Weights.VALUE_FILE))) {
          Weights.writeValueHead(decoder, flat, out);
        }
      }
    }
  }

  /** A fresh head says 0 of everything; this one has an opinion. Heads lie at the end. */
  private static void fillHead(NDArray flat, long seed, Head head) {
    int size = head == Head.NONE ? 0 : head == Head.SCORE ? HIDDEN : HIDDEN + 1;
    FloatBuffer all = flat.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
    SplittableRandom random = new SplittableRandom(~seed);
    for (int i = all.limit() - size; i < all.limit(); i++) {
      all.put(i, (float) (0.5 * random.nextGaussian()));
    }
  }

  /** Where it is, for those who open it. */
  public String uri() {
    return folder.toUri().toString();
  }

  /** It, loaded, with {@code head} on top. */
  public LoadedModel load(Head head) {
    return load(uri(), head);
  }

  /** Any model, loaded on this thread. */
  public static LoadedModel load(String uri, Head head) {
    Decoder.prepareThread(1);
    try {
      return LoadedModel.load(uri, head, new Configuration());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** All weights of the model at {@code uri}. */
  public static float[] weights(String uri, Head head) {
    try (LoadedModel model = load(uri, head)) {
      return model.flat().toFloatArray();
    }
  }

  /** The ids of {@code text}, whose words are in the vocabulary. */
  public int[] ids(String text) {
    try (Tokenizer tokenizer = Tokenizer.open(uri(), new Configuration())) {
      return tokenizer.encode(text);
    }
  }

  /** Entries of the vocabulary. */
  public static int vocabularySize() {
    return vocabulary().size();
  }

  private static final int HIDDEN = 16;

  private static Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "llama");
    config.put("hidden_size", HIDDEN);
    config.put("intermediate_size", 24);
    config.put("num_hidden_layers", 2);
    config.put("num_attention_heads", 2);
    config.put("num_key_value_heads", 1);
    config.put("vocab_size", vocabularySize());
    config.put("max_position_embeddings", 64);
    config.put("hidden_act", "silu");
    config.put("tie_word_embeddings", true);
    config.put("eos_token_id", END);
    // Wide enough for predictions that differ from token to token.
    config.put("initializer_range", 0.3);
    return config;
  }

  private static Map<String, Object> tokenizerJson() {
    Map<String, Object> end = new LinkedHashMap<>();
    end.put("id", END);
    end.put("content", "<end>");
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      end.put(flag, false);
    }
    end.put("special", true);
    Map<String, Object> tokenizer = new LinkedHashMap<>();
    tokenizer.put("version", "1.0");
    tokenizer.put("added_tokens", List.of(end));
    tokenizer.put("pre_tokenizer", Map.of("type", "WhitespaceSplit"));
    tokenizer.put(
        "model", Map.of("type", "WordLevel", "vocab", vocabulary(), "unk_token", "<unk>"));
    return tokenizer;
  }

  private static Map<String, Integer> vocabulary() {
    List<String> words = new ArrayList<>(List.of("<end>", "<unk>"));
    words.addAll(List.of(WORDS.split(" ")));
    Map<String, Integer> ids = new LinkedHashMap<>();
    words.forEach(word -> ids.putIfAbsent(word, ids.size()));
    return ids;
  }
}
