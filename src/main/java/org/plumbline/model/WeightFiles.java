package org.plumbline.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a folder that hold a model's weights: {@code model.safetensors}, or else the shards
 * that {@code model.safetensors.index.json} names. A folder with both is read as transformers reads
 * it: the single file wins.
 *
 * @param places the file of each tensor, as the index has it; empty if there is no index
 */
record WeightFiles(List<String> names, Map<String, String> places) {
  static final String INDEX = "model.safetensors.index.json";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final long MAX_INDEX = 100_000_000;
  private static final Pattern SHARD =
      Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
  private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl)");
  private static final Pattern OTHER = Pattern.compile(".*\\.(safetensors|h5|msgpack|gguf)");

  /**
   * The files of {@code folder}.
   *
   * @return nothing if it describes a model without weights
   * @throws IOException if its weights are in a form that is not read, or its index is not sound
   */
  static Optional<WeightFiles> of(ModelFolder folder) throws IOException {
    if (folder.has(Weights.MODEL_FILE)) {
      return Optional.of(new WeightFiles(List.of(Weights.MODEL_FILE), Map.of()));
    }
    if (folder.has(INDEX)) {
      return Optional.of(indexed(folder));
    }
    for (String name : folder.fileNames()) {
      if (PICKLE.matcher(name).matches()) {
        throw invalid(folder, "pickled weights are refused: %s (convert to safetensors)", name);
      }
      if (OTHER.matcher(name).matches()) {
        String why = "it has %s but neither " + Weights.MODEL_FILE + " nor " + INDEX;
        throw invalid(folder, why, name);
      }
    }
    return Optional.empty();
  }

  /** The files, and the index if there is one. */
  List<String> all() {
    return places.isEmpty() ? names : Stream.concat(Stream.of(INDEX), names.stream()).toList();
  }

  /** The same of a folder that must have weights. */
  static WeightFiles required(ModelFolder folder) throws IOException {
    return of(folder).orElseThrow(() -> invalid(folder, "no %s", Weights.MODEL_FILE));
  }

  private static WeightFiles indexed(ModelFolder folder) throws IOException {
    JsonNode map = json(folder).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw invalid(folder, "%s has no weight_map", INDEX);
    }
    Map<String, String> places = new HashMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = map.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      JsonNode file = field.getValue();
      if (!file.isTextual() || !SHARD.matcher(file.textValue()).matches()) {
        throw invalid(
            folder,
            "%s places %s in %s (must be a .safetensors file of the folder)",
            INDEX,
            field.getKey(),
            file);
      }
      places.put(field.getKey(), file.textValue());
    }
    return new WeightFiles(List.copyOf(new TreeSet<>(places.values())), places);
  }

  private static JsonNode json(ModelFolder folder) throws IOException {
    try (ByteSource source = folder.source(INDEX)) {
      if (source.length() > MAX_INDEX) {
        throw invalid(folder, "%s has %d bytes", INDEX, source.length());
      }
      ByteBuffer bytes = source.next((int) source.length());
      byte[] json = new byte[bytes.remaining()];
      bytes.get(json);
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw invalid(folder, "%s is not JSON: %s", INDEX, e.getOriginalMessage());
    }
  }

  /** Refuses a file that does not hold exactly the tensors that the index places in it. */
  void requireAsIndexed(ModelFolder folder, String file, List<TensorEntry> entries)
      throws IOException {
    if (places.isEmpty()) {
      return;
    }
    TreeSet<String> missing = new TreeSet<>();
    places.forEach((name, place) -> missing.addAll(place.equals(file) ? List.of(name) : List.of()));
    for (TensorEntry entry : entries) {
      if (!missing.remove(entry.name())) {
        throw invalid(
            folder, "%s holds %s, which %s does not place there", file, entry.name(), INDEX);
      }
    }
    if (!missing.isEmpty()) {
      throw invalid(folder, "%s lacks %s, which %s places there", file, missing.first(), INDEX);
    }
  }

  private static IOException invalid(ModelFolder folder, String why, Object... values) {
    return new IOException("Cannot load model " + folder.uri() + ": " + why.formatted(values));
  }
}
