package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.testing.SharedData;

/** Weights in any number format, from any source, come to the same array. */
class WeightFormatsTest {
  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private ModelFolder model;
  private Decoder decoder;
  private NDArray flat;

  @BeforeEach
  void write() throws Exception {
    model = TinyModels.write(folder, TinyModels.LLAMA, Head.NONE);
    decoder = model.decoder(Head.NONE);
    flat = Weights.load(decoder, model, manager);
  }

  @AfterEach
  void close() {
    decoder.close();
    manager.close();
  }

  private byte[] written(NDArray flat, WeightType type) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WeightShards.of(decoder, type, 1).write(0, flat, name -> out);
    return out.toByteArray();
  }

  private NDArray load(byte[] file, WeightType type) throws IOException {
    Files.write(folder.resolve(Weights.MODEL_FILE), file);
    return Weights.load(decoder, model, manager, type);
  }

  private static float[] floats(NDArray array) {
    return array.toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** {@code values} without the lower half of their bits, rounded. */
  private float[] halved() {
    float[] values = flat.toFloatArray();
    ByteBuffer from = ByteBuffer.allocate(4 * values.length);
    from.asFloatBuffer().put(values);
    ByteBuffer to = ByteBuffer.allocate(2 * values.length);
    WeightType.BF16.store(NumberFormat.F32, from, to);
    NumberFormat.BF16.decode(to.flip(), values, values.length);
    return values;
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void filesAndArraysOfAnyTypeGoTogether(WeightType inMemory) throws Exception {
    byte[] wide = written(flat, WeightType.F32);
    byte[] narrow = written(flat, WeightType.BF16);
    assertThat(SafetensorsTest.read(narrow).values())
        .containsOnlyKeys(decoder.layout().slots().keySet());
    assertThat(narrow.length).isBetween(2 * (int) decoder.size(), 3 * (int) decoder.size() + 3000);

    NDArray fromWide = load(wide, inMemory);
    NDArray fromNarrow = load(narrow, inMemory);
    assertThat(WeightType.of(fromWide)).isEqualTo(inMemory);
    assertThat(floats(fromNarrow)).isEqualTo(halved());
    assertThat(floats(fromWide))
        .isEqualTo(inMemory == WeightType.F32 ? flat.toFloatArray() : halved());

    assertThat(written(fromNarrow, WeightType.BF16)).isEqualTo(narrow);
    assertThat(floats(load(written(fromNarrow, WeightType.F32), WeightType.F32)))
        .isEqualTo(halved());
  }

  @Test
  void halfPrecisionIsRead() throws Exception {
    Map<String, float[]> values = SafetensorsTest.read(written(flat, WeightType.F32)).values();
    NDArray halves = flat.toType(DataType.FLOAT16, true);
    byte[] file = written(flat, WeightType.BF16);
    // The same header but for the name of the format; tensors lie in the order of the array.
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    String json = new String(file, 8, header, StandardCharsets.UTF_8);
    byte[] renamed = json.replace("\"BF16\"", "\"F16\" ").getBytes(StandardCharsets.UTF_8);
    bytes.put(renamed).put(halves.toByteBuffer(true));
    assertThat(bytes.hasRemaining()).isFalse();

    assertThat(load(file, WeightType.F32).toFloatArray()).isEqualTo(floats(halves));
    assertThat(values).hasSize(21);
  }

  @Test
  void mappedStreamedAndVerifiedFilesGiveTheSameArray() throws Exception {
    Configuration configuration = new Configuration();
    Path streamed = Files.createDirectory(folder.resolve("streamed"));
    String checkpoint = folder.resolve("checkpoint").toUri().toString();
    var files = new org.apache.hadoop.fs.Path(streamed.toUri()).getFileSystem(configuration);
    CheckpointWriter writer = Checkpoint.create(checkpoint, configuration);
    for (String name : new String[] {"config.json", Weights.MODEL_FILE}) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      // Hadoop leaves a checksum beside what it writes.
      try (OutputStream out =
              files.create(new org.apache.hadoop.fs.Path(streamed.toString(), name));
          OutputStream verified = writer.file(name)) {
        out.write(bytes);
        verified.write(bytes);
      }
    }
    writer.commit(Map.of());
    try (ByteSource mapped = model.source(Weights.MODEL_FILE)) {
      assertThat(mapped).isInstanceOf(MappedFile.class);
    }
    for (String uri : new String[] {streamed.toUri().toString(), checkpoint}) {
      ModelFolder other = new ModelFolder(uri, configuration);
      try (ByteSource source = other.source(Weights.MODEL_FILE)) {
        assertThat(source).isInstanceOf(StreamedFile.class);
      }
      assertThat(Weights.load(decoder, other, manager).toFloatArray())
          .isEqualTo(flat.toFloatArray());
    }
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void aLoadedModelCanBeWrittenAgain(WeightType type) throws Exception {
    byte[] file = written(flat, type);
    Files.write(folder.resolve(Weights.MODEL_FILE), file);
    try (LoadedModel loaded =
        LoadedModel.load(model.uri(), Head.NONE, Compute.FLOAT32, type, new Configuration())) {
      assertThat(WeightType.of(loaded.flat())).isEqualTo(type);
      assertThat(written(loaded.flat(), type)).isEqualTo(file);
      assertThat(loaded.flat().getManager().getManagedArrays()).hasSize(1);
    }
  }

  @Test
  void kernelsTakeBfloat16ForWhatItIs() throws Exception {
    NDArray narrow = Weights.load(decoder, model, manager, WeightType.BF16);
    NDArray rounded = manager.create(floats(narrow));
    NDArray ids = manager.create(new long[] {3, 1, 4, 1}, new Shape(1, 4));
    float[] logits = decoder.logits(narrow, ids).toFloatArray();
    assertThat(logits).isEqualTo(decoder.logits(rounded, ids).toFloatArray());
    assertThat(logits).isNotEqualTo(decoder.logits(flat, ids).toFloatArray());
  }

  @Test
  void aPublishedModelIsReadInHalfTheMemory() throws Exception {
    Path path = SharedData.path("data/models/stories260K-hf");
    ModelFolder stories = new ModelFolder(path.toUri().toString(), new Configuration());
    try (Decoder teller = stories.decoder(Head.NONE)) {
      float[] expected = Weights.load(teller, stories, manager).toFloatArray();
      float[] actual = floats(Weights.load(teller, stories, manager, WeightType.BF16));
      for (int i = 0; i < expected.length; i++) {
        // 8 bits of mantissa, the first of them unwritten
        double bound = Math.abs(expected[i]) * 0x1p-8;
        assertThat(Math.abs(actual[i] - (double) expected[i])).isLessThanOrEqualTo(bound);
      }
      assertThat(actual).isNotEqualTo(expected);
    }
  }
}
