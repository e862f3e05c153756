package org.plumbline.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;

/**
 * Text to token ids and back, as a Hugging Face folder's {@code tokenizer.json} says. Native and
 * not serialisable: open one in each task.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String VOCABULARY = "tokenizer.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Starts a text whose beginning is cut off again; no vocabulary merges across a line's end. */
  private static final String ANCHOR = "\n";

  private final HuggingFaceTokenizer tokenizer;
  private final OptionalInt bos;
  private final int eos;
  private final boolean addsBos;
  private final boolean addsSpace;
  private final long[] stops;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      JsonNode settings,
      JsonNode model,
      JsonNode generation,
      String uri) {
    this.tokenizer = tokenizer;
    this.bos = special(settings.path("bos_token"), model.path("bos_token_id"));
    this.eos =
        special(settings.path("eos_token"), model.path("eos_token_id"))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot open tokenizer of %s: no eos_token in tokenizer_config.json or config.json"
                            .formatted(uri)));
    this.stops = stops(model.path("eos_token_id"), generation.path("eos_token_id"));
    int[] empty = encodeWithSpecial("");
    this.addsBos =
        bos.isPresent()
            && settings
                .path("add_bos_token")
                .asBoolean(empty.length > 0 && empty[0] == bos.getAsInt());
    this.addsSpace = tokenizer.encode("a", false, false).getTokens()[0].startsWith("\u2581");
  }

  /**
   * Opens the tokenizer in a Hugging Face folder on any Hadoop file system; of adapters that bring
   * none, that of their base.
   *
   * @throws IllegalArgumentException if nothing says which token ends a text
   */
  public static Tokenizer open(String folderUri, Configuration configuration) {
    ModelFolder folder = new ModelFolder(folderUri, configuration).tokenizerFolder();
    try {
      return new Tokenizer(
          vocabulary(folder),
          json(folder, "tokenizer_config.json"),
          json(folder, "config.json"),
          json(folder, "generation_config.json"),
          folderUri);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot open tokenizer of " + folderUri + ": " + e.getMessage(), e);
    }
  }

  private static HuggingFaceTokenizer vocabulary(ModelFolder folder) throws IOException {
    // Unless told not to, the library cuts texts off at a length of its own.
    Map<String, String> options = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");
    byte[] json = bytes(folder, VOCABULARY);
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
    } catch (RuntimeException e) {
      throw new IOException(VOCABULARY + ": " + e.getMessage(), e);
    }
  }

  /** All of a file, read to its end before anyone looks: only then is it verified. */
  private static byte[] bytes(ModelFolder folder, String name) throws IOException {
    try (InputStream in = folder.open(name)) {
      return in.readAllBytes();
    }
  }

  private static JsonNode json(ModelFolder folder, String name) throws IOException {
    if (!folder.has(name)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(bytes(folder, name));
    } catch (JsonProcessingException e) {
      throw new IOException(name + ": " + e.getOriginalMessage(), e);
    }
  }

  /** A token given as text or as {@code {content}}; else an id, or the first of several. */
  private OptionalInt special(JsonNode token, JsonNode id) {
    String text = token.isObject() ? token.path("content").asText() : token.asText("");
    if (!text.isEmpty()) {
      int[] ids = encode(text);
      if (ids.length == 1) {
        return OptionalInt.of(ids[0]);
      }
    }
    JsonNode first = id.isArray() ? id.path(0) : id;
    return first.isInt() ? OptionalInt.of(first.intValue()) : OptionalInt.empty();
  }

  /** The ids of {@code text} alone. */
  public int[] encode(String text) {
    return ids(tokenizer.encode(text, false, false));
  }

  /** The ids of {@code text} with the special tokens that the tokenizer puts around it. */
  public int[] encodeWithSpecial(String text) {
    return ids(tokenizer.encode(text, true, false));
  }

  /**
   * The ids of {@code text} where it follows other text. Tokenizers of the SentencePiece kind put a
   * space before every text; here there is none but those that {@code text} has.
   */
  public int[] encodeContinuation(String text) {
    if (!addsSpace) {
      return encode(text);
    }
    int[] anchor = encode(ANCHOR);
    int[] ids = encode(ANCHOR + text);
    boolean clean =
        ids.length >= anchor.length && Arrays.equals(anchor, Arrays.copyOf(ids, anchor.length));
    return clean ? Arrays.copyOfRange(ids, anchor.length, ids.length) : encode(text);
  }

  /** The text of {@code ids}, leaving out special tokens. */
  public String decode(int[] ids) {
    return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
  }

  /** The token that starts a text, where there is one. */
  public OptionalInt bos() {
    return bos;
  }

  /** The token that ends a text. */
  public int eos() {
    return eos;
  }

  /** A text's start ends the text before it, unless the model says itself what ends its texts. */
  private long[] stops(JsonNode ofModel, JsonNode ofGeneration) {
    LongStream known = LongStream.concat(ids(ofModel), ids(ofGeneration));
    LongStream next =
        ofGeneration.isMissingNode() && bos.isPresent()
            ? LongStream.of(bos.getAsInt())
            : LongStream.empty();
    return LongStream.concat(LongStream.concat(LongStream.of(eos), known), next)
        .distinct()
        .toArray();
  }

  private static LongStream ids(JsonNode ids) {
    return ids.isArray()
        ? StreamSupport.stream(ids.spliterator(), false).mapToLong(JsonNode::longValue)
        : ids.isInt() ? LongStream.of(ids.longValue()) : LongStream.empty();
  }

  /**
   * Ids after which a completion is over: the end token, every {@code eos_token_id} of the model's
   * {@code config.json} and {@code generation_config.json}, and the token that starts a new text
   * where there is no such {@code generation_config.json}.
   */
  public long[] stops() {
    return stops.clone();
  }

  /** Whether {@code id} is among {@link #stops}. */
  public boolean isStop(int id) {
    return LongStream.of(stops).anyMatch(stop -> stop == id);
  }

  /** How {@code id} is spelled in a text, be it special or not. */
  public String spelling(int id) {
    return tokenizer.decode(new long[] {id}, false);
  }

  /** Whether {@code id} marks something in a text rather than being part of what it says. */
  public boolean isSpecial(int id) {
    return !spelling(id).isEmpty() && decode(new int[] {id}).isEmpty();
  }

  /** Whether a text is to start with {@link #bos}. */
  public boolean addsBos() {
    return addsBos;
  }

  private static int[] ids(Encoding encoding) {
    return Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
