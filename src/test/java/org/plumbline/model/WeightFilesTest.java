package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.cluster.Lease;

/** Weights in several files are those of one file, and nothing beside the folder is read. */
class WeightFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";
  private static final String NORM = "model.norm.weight";

  @TempDir Path folder;
  private ModelFolder model;
  private float[] whole;

  /** Leaves only shards: the norm and what follows are in the second. */
  @BeforeEach
  void shard() throws Exception {
    model = TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    whole = load();
    Path single = folder.resolve(Weights.MODEL_FILE);
    SafetensorsTest.Contents contents = SafetensorsTest.read(Files.readAllBytes(single));
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    contents
        .values()
        .forEach(
            (name, values) ->
                tensors.add(SafetensorsTest.tensor(name, values, contents.shapes().get(name))));
    Files.delete(single);
    write(FIRST, tensors.subList(0, 19));
    write(SECOND, tensors.subList(19, 21));
    ObjectNode map = JSON.createObjectNode();
    tensors.subList(0, 19).forEach(tensor -> map.put(tensor.name(), FIRST));
    tensors.subList(19, 21).forEach(tensor -> map.put(tensor.name(), SECOND));
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", 4 * whole.length);
    index.set("weight_map", map);
    JSON.writeValue(index(), index);
  }

  private void write(String name, List<SafetensorsWriter.Tensor> tensors) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      SafetensorsWriter.write(out, WeightType.F32, tensors);
    }
  }

  private java.io.File index() {
    return folder.resolve("model.safetensors.index.json").toFile();
  }

  private float[] load() throws IOException {
    try (Decoder decoder = model.decoder(Head.NONE);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return Weights.load(decoder, model, manager).toFloatArray();
    }
  }

  private void changeIndex(Consumer<ObjectNode> change) throws IOException {
    ObjectNode index = (ObjectNode) JSON.readTree(index());
    change.accept((ObjectNode) index.get("weight_map"));
    JSON.writeValue(index(), index);
  }

  private void assertRefused(String why, Object... values) {
    assertThatThrownBy(this::load)
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot load model %s: %s", model.uri(), why.formatted(values));
  }

  @Test
  void shardsAreReadAsOneFile() throws Exception {
    assertThat(model.hasWeights()).isTrue();
    assertThat(load()).isEqualTo(whole);
  }

  @Test
  void theSingleFileComesFirst() throws Exception {
    Files.write(folder.resolve(Weights.MODEL_FILE), new byte[0]);
    assertThatThrownBy(this::load)
        .hasMessage("Cannot read %s/model.safetensors: it ends 8 bytes early", model.uri());
  }

  @Test
  void aShardThatIsNotThere() throws Exception {
    Files.delete(folder.resolve(SECOND));
    assertRefused("no %s", SECOND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model-00002-of-00002.safetensors",
        "..",
        "..safetensors",
        "a..b.safetensors",
        "a/model.safetensors",
        "a\\model.safetensors",
        "/elsewhere/model.safetensors",
        "file:///elsewhere/model.safetensors",
        "hdfs:model.safetensors",
        ".safetensors",
        "pytorch_model-00002-of-00002.bin",
        ""
      })
  void namesThatAreNoShardsOfTheFolder(String name) throws Exception {
    changeIndex(map -> map.put(NORM, name));
    assertRefused(
        "model.safetensors.index.json places %s in %s (must be a .safetensors file of the folder)",
        NORM, JSON.writeValueAsString(name));
  }

  @Test
  void aPlaceThatIsNoName() throws Exception {
    changeIndex(map -> map.put(NORM, 2));
    assertRefused(
        "model.safetensors.index.json places %s in 2 (must be a .safetensors file of the folder)",
        NORM);
  }

  @Test
  void aTensorThatIsNotWhereTheIndexHasIt() throws Exception {
    changeIndex(map -> map.put(NORM, FIRST));
    assertRefused("%s lacks %s, which model.safetensors.index.json places there", FIRST, NORM);
  }

  @Test
  void aTensorThatTheIndexDoesNotName() throws Exception {
    changeIndex(map -> map.remove(NORM));
    assertRefused(
        "%s holds %s, which model.safetensors.index.json does not place there", SECOND, NORM);
  }

  @Test
  void aTensorInTwoShards() throws Exception {
    List<SafetensorsWriter.Tensor> tensors =
        List.of(
            SafetensorsTest.tensor("lm_head.weight", new float[640], 40, 16),
            SafetensorsTest.tensor(NORM, new float[16], 16),
            SafetensorsTest.tensor("model.embed_tokens.weight", new float[640], 40, 16));
    write(SECOND, tensors);
    assertRefused("it has model.embed_tokens.weight twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"weight_map\": []}", "{\"weight_map\": {}}"})
  void anIndexWithoutAMap(String index) throws Exception {
    Files.writeString(index().toPath(), index);
    assertRefused("model.safetensors.index.json has no weight_map");
  }

  @Test
  void anIndexThatNamesATensorTwice() throws Exception {
    Files.writeString(
        index().toPath(), "{\"weight_map\": {\"a\": \"a.safetensors\", \"a\": \"b.safetensors\"}}");
    assertThatThrownBy(this::load)
        .hasMessageStartingWith(
            "Cannot load model %s: model.safetensors.index.json is not JSON: Duplicate field 'a'"
                .formatted(model.uri()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "model.pt", "consolidated.00.pth", "last.ckpt"})
  void picklesAreRefused(String name) throws Exception {
    Files.delete(index().toPath());
    Files.delete(folder.resolve(FIRST));
    Files.delete(folder.resolve(SECOND));
    assertThat(model.hasWeights()).isFalse();
    Files.writeString(folder.resolve(name), "");
    String why = "pickled weights are refused: %s (convert to safetensors)";
    assertRefused(why, name);
    // or else training would begin from random weights
    assertThatThrownBy(model::hasWeights).hasMessageEndingWith(why.formatted(name));
  }

  @Test
  void shardsWithoutAnIndex() throws Exception {
    Files.delete(index().toPath());
    String why =
        "it has %s but neither model.safetensors nor model.safetensors.index.json".formatted(FIRST);
    assertRefused(why);
    assertThatThrownBy(model::hasWeights).hasMessageEndingWith(why);
  }

  private Lease<LoadedModel> lease(Compute compute) throws IOException {
    return ModelLease.of("shards", model.uri(), Head.NONE, compute, new Configuration());
  }

  @Test
  void aLeaseEndsWithAnyShard() throws Exception {
    try (Lease<LoadedModel> first = lease(Compute.FLOAT32);
        Lease<LoadedModel> same = lease(Compute.FLOAT32)) {
      assertThat(same.value()).isSameAs(first.value());
      try (Lease<LoadedModel> other = lease(Compute.BFLOAT16)) {
        assertThat(other.value()).isNotSameAs(first.value());
      }
      Files.setLastModifiedTime(folder.resolve(SECOND), FileTime.fromMillis(1_000_000));
      try (Lease<LoadedModel> changed = lease(Compute.FLOAT32)) {
        assertThat(changed.value()).isNotSameAs(first.value());
      }
    }
  }
}
