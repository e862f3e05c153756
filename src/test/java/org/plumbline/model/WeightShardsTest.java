package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However many write a model, and into however many files, it is the same model. */
class WeightShardsTest {
  private static final String LARGE =
      """
      {"model_type": "llama", "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": 32,
       "num_attention_heads": 32, "vocab_size": 32000, "max_position_embeddings": 64,
       "hidden_act": "silu", "tie_word_embeddings": false}
      """;

  @TempDir Path folder;
  private ModelFolder model;

  @BeforeEach
  void describe() throws IOException {
    model = TinyModels.describe(folder, TinyModels.LLAMA);
  }

  /** Every writer is given its own elements alone. */
  private void write(Decoder decoder, NDArray flat, int writers, int files) throws IOException {
    WeightShards shards = new WeightShards(decoder.layout(), WeightType.F32, writers, files);
    for (int writer = 0; writer < writers; writer++) {
      Slice slice = shards.of(writer);
      try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
        NDArray own = slice.of(flat, scope).duplicate();
        shards.write(writer, own, name -> Files.newOutputStream(folder.resolve(name)));
        if (decoder.head() == Head.VALUE && slice.to() == decoder.size()) {
          Files.createDirectories(folder.resolve("plumbline"));
          Weights.writeValueHead(
              decoder, own, Files.newOutputStream(folder.resolve(Weights.VALUE_FILE)));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "1,3", "2,2", "2,5", "3,2", "5,4", "30,21"})
  void isReadAsItWasWritten(int writers, int files) throws IOException {
    try (Decoder decoder = model.decoder(Head.VALUE);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray flat = TinyModels.random(decoder, manager);
      write(decoder, flat, writers, files);

      assertThat(Weights.load(decoder, model, manager).toFloatArray())
          .isEqualTo(flat.toFloatArray());
      assertThat(WeightFiles.required(model).names())
          .hasSizeBetween(Math.min(files, 2), files)
          .allMatch(name -> Files.exists(folder.resolve(name)));
    }
  }

  @Test
  void theIndexHasThePlaceOfEveryParameter() throws IOException {
    try (Decoder decoder = model.decoder(Head.VALUE);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      write(decoder, TinyModels.random(decoder, manager), 2, 3);
    }
    JsonNode index = new ObjectMapper().readTree(folder.resolve(WeightFiles.INDEX).toFile());
    Map<String, String> places = new TreeMap<>();
    long bytes = 0;
    for (String file : new TreeSet<>(WeightFiles.required(model).names())) {
      var contents = SafetensorsTest.read(Files.readAllBytes(folder.resolve(file)));
      for (var tensor : contents.values().entrySet()) {
        assertThat(places.put(tensor.getKey(), file)).as(tensor.getKey()).isNull();
        bytes += 4L * tensor.getValue().length;
      }
    }
    Map<String, String> named = new TreeMap<>();
    index
        .get("weight_map")
        .fields()
        .forEachRemaining(field -> named.put(field.getKey(), field.getValue().asText()));
    assertThat(named).isEqualTo(places).doesNotContainKey("value_head.weight");
    assertThat(new TreeSet<>(places.values()))
        .containsExactly(
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors");
    assertThat(index.at("/metadata/total_size").asLong()).isEqualTo(bytes);
  }

  private static int files(String config, int writers) throws IOException {
    Path folder = Files.createTempDirectory("described");
    try (Decoder decoder = TinyModels.describe(folder, config).decoder(Head.NONE)) {
      return WeightShards.of(decoder, WeightType.F32, writers).count();
    } finally {
      Files.delete(folder.resolve("config.json"));
      Files.delete(folder);
    }
  }

  /** 0.2 MB, 165 MB, and the 27 GB of Llama 2. */
  @Test
  void writersShareWhatIsLargeAndNoFileIsHuge() throws IOException {
    assertThat(files(TinyModels.LLAMA, 1)).isEqualTo(1);
    assertThat(files(TinyModels.LLAMA, 4)).isEqualTo(1);
    assertThat(files(LARGE.formatted(256, 688), 1)).isEqualTo(1);
    assertThat(files(LARGE.formatted(256, 688), 4)).isEqualTo(4);
    assertThat(files(LARGE.formatted(256, 688), 100)).isEqualTo(9);
    assertThat(files(LARGE.formatted(4096, 11008), 1)).isEqualTo(6);
  }
}
