package org.plumbline.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;

/** The tokenizer of a Hugging Face folder. It is native: open one in each task, and close it. */
public final class Tokenizer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt bos;
  private final int eos;
  private final boolean addsBos;

  private Tokenizer(HuggingFaceTokenizer tokenizer, OptionalInt bos, int eos, boolean addsBos) {
    this.tokenizer = tokenizer;
    this.bos = bos;
    this.eos = eos;
    this.addsBos = addsBos;
  }

  /**
   * Opens the tokenizer in {@code folder}, on any Hadoop file system.
   *
   * @throws IOException if there is none, or it has no end token
   */
  public static Tokenizer open(String folder, Configuration configuration) throws IOException {
    ModelFolder model = new ModelFolder(folder, configuration);
    JsonNode config = model.config();
    JsonNode described = JSON.createObjectNode();
    if (model.has("tokenizer_config.json")) {
      try (InputStream in = model.open("tokenizer_config.json")) {
        described = JSON.readTree(in);
      }
    }
    HuggingFaceTokenizer tokenizer;
    try (InputStream in = model.open("tokenizer.json")) {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              in, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (FileNotFoundException e) {
      throw new FileNotFoundException("Cannot open tokenizer: no tokenizer.json in " + folder);
    }
    OptionalInt eos = id(config, "eos_token_id");
    if (eos.isEmpty()) {
      tokenizer.close();
      throw new IOException("Invalid eos_token_id: missing in " + folder + "/config.json");
    }
    return new Tokenizer(
        tokenizer,
        id(config, "bos_token_id"),
        eos.getAsInt(),
        described.path("add_bos_token").asBoolean(false));
  }

  private static OptionalInt id(JsonNode config, String key) {
    JsonNode id = config.path(key).isArray() ? config.path(key).path(0) : config.path(key);
    return id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
  }

  /** The ids of {@code text} alone, with no special tokens added. */
  public int[] encode(String text) {
    return ints(tokenizer.encode(text, false, false).getIds());
  }

  /** The ids of {@code text} with the special tokens that the tokenizer puts around a text. */
  public int[] encodeWithSpecial(String text) {
    return ints(tokenizer.encode(text, true, false).getIds());
  }

  /** The text of {@code ids}, special tokens left out. */
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  /** The token that begins a text, if the model has one. */
  public OptionalInt bos() {
    return bos;
  }

  /** Whether a text is to begin with {@link #bos()}. */
  public boolean addsBos() {
    return addsBos && bos.isPresent();
  }

  /** The token that ends a response. */
  public int eos() {
    return eos;
  }

  /**
   * Ids after which a completion is over: the end token, and the one that would begin a new text.
   */
  public long[] stops() {
    return bos.isPresent()
        ? LongStream.of(eos, bos.getAsInt()).distinct().toArray()
        : new long[] {eos};
  }

  /** Whether {@code id} is among {@link #stops()}. */
  public boolean isStop(int id) {
    return id == eos || (bos.isPresent() && id == bos.getAsInt());
  }

  private static int[] ints(long[] ids) {
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
