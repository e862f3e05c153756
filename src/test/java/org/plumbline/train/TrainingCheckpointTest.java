package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.Gangs;
import org.plumbline.config.ModelSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.ModelFolder;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;

/** What a replica leaves behind is all that it takes to go on, and for others to use it. */
class TrainingCheckpointTest {
  private static final ModelSettings SETTINGS = new ModelSettings("", "float32", false);

  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1, 0, "constant", 5);
  private static final TokenPair PAIR =
      new TokenPair(new int[] {2, 3, 4}, new int[] {5, 6, 0}, new int[] {7, 0}, 1, 1);

  @TempDir Path folder;
  private TinyModel model;
  private Path checkpoint;

  @BeforeEach
  void place() {
    model = TinyModel.write(folder.resolve("model"), 5);
    checkpoint = folder.resolve("step-00000003");
  }

  /** Everything a replica says after three steps, and the checkpoint of it. */
  private static List<float[]> train(String from, String to) {
    return Gangs.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(List.of(PAIR), 1),
        1,
        (gang, rows) -> {
          Configuration conf = new Configuration();
          Decoder.prepareThread(1);
          ModelFolder start = new ModelFolder(from, conf);
          try (Replica replica =
              Replica.begin(gang, start, Head.VALUE, SETTINGS, Optional.empty(), 0, Device.cpu())) {
            steps(replica, gang, 3);
            TrainingCheckpoint.write(
                gang, replica, start, to, Map.of("step", replica.step()), conf);
            return answers(replica.decoder(), replica.flat()).iterator();
          }
        });
  }

  private static void steps(Replica replica, Gang gang, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Sums sums = new Sums();
      replica.accumulate(new LikelyPairs(), List.of(PAIR), sums);
      replica.update(gang, sums, 0.01, OPTIMIZER);
    }
  }

  /** Logits and values. */
  private static List<float[]> answers(Decoder decoder, NDArray flat) {
    try (NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray ids = step.create(new long[] {2, 3, 4, 5, 6, 0}, new Shape(1, 6));
      PairBatch batch = PairBatch.of(List.of(PAIR), step);
      return List.of(
          decoder.logits(flat, ids).toFloatArray(),
          decoder.policy(flat, batch.tokens(), 1.0).values().toFloatArray());
    }
  }

  @Test
  void reloadsToTheSameLogitsAndValues() {
    List<float[]> trained = train(model.uri(), checkpoint.toUri().toString());

    try (LoadedModel start = model.load(Head.VALUE);
        LoadedModel loaded = TinyModel.load(checkpoint.toUri().toString(), Head.VALUE)) {
      List<float[]> reloaded = answers(loaded.decoder(), loaded.flat());
      assertThat(reloaded.get(0)).isEqualTo(trained.get(0));
      assertThat(reloaded.get(1)).isEqualTo(trained.get(1));
      assertThat(answers(start.decoder(), start.flat()).get(0)).isNotEqualTo(trained.get(0));
      assertThat(trained.get(1)).as("values of a trained head").isNotEqualTo(new float[10]);
    }
  }

  @Test
  void isAFolderThatOtherToolsRead() throws Exception {
    train(model.uri(), checkpoint.toUri().toString());

    Checkpoint written = Checkpoint.open(checkpoint.toUri().toString(), new Configuration());
    assertThat(written.files())
        .containsExactly(
            "config.json",
            "model.safetensors",
            "plumbline/optimizer.safetensors",
            "plumbline/state.json",
            "plumbline/value_head.safetensors",
            "tokenizer.json",
            "tokenizer_config.json");
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      assertThat(checkpoint.resolve(name)).hasSameBinaryContentAs(model.folder().resolve(name));
    }
    var config = new ObjectMapper().readTree(checkpoint.resolve("config.json").toFile());
    assertThat(config.at("/architectures/0").asText()).isEqualTo("LlamaForCausalLM");
    assertThat(config.get("vocab_size").asInt()).isEqualTo(TinyModel.vocabularySize());
    assertThat(written.state().get("step").asLong()).isEqualTo(3);
  }

  /** Two large matrices, the embedding and the head, of which each rank writes one. */
  private String largeModel() throws IOException {
    Path large = Files.createDirectories(folder.resolve("large"));
    Files.writeString(
        large.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_size": 64, "intermediate_size": 24, "num_hidden_layers": 1,
         "num_attention_heads": 2, "vocab_size": 66000, "max_position_embeddings": 64,
         "hidden_act": "silu", "tie_word_embeddings": false, "eos_token_id": 0}
        """);
    return large.toUri().toString();
  }

  @Test
  void ranksWriteALargeModelInShards() throws Exception {
    String from = largeModel();
    String to = checkpoint.toUri().toString();
    List<float[]> trained =
        Gangs.run(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
                .parallelize(List.of(PAIR, PAIR), 1)
                .repartition(2),
            2,
            (gang, rows) -> {
              Configuration conf = new Configuration();
              Decoder.prepareThread(1);
              ModelFolder start = new ModelFolder(from, conf);
              try (Replica replica =
                  Replica.begin(
                      gang, start, Head.VALUE, SETTINGS, Optional.empty(), 0, Device.cpu())) {
                steps(replica, gang, 1);
                TrainingCheckpoint.write(
                    gang, replica, start, to, Map.of("step", replica.step()), conf);
                return List.of(replica.flat().toFloatArray()).iterator();
              }
            });

    assertThat(Checkpoint.open(to, new Configuration()).files())
        .containsExactly(
            "config.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
            "plumbline/optimizer-00001-of-00002.safetensors",
            "plumbline/optimizer-00002-of-00002.safetensors",
            "plumbline/state.json",
            "plumbline/value_head.safetensors");
    assertThat(TinyModel.weights(to, Head.VALUE))
        .isEqualTo(trained.get(0))
        .isEqualTo(trained.get(1));
  }

  @Test
  void refusesAFlippedByte() throws Exception {
    train(model.uri(), checkpoint.toUri().toString());
    Path weights = checkpoint.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 7] ^= 1;
    Files.write(weights, bytes);

    String uri = checkpoint.toUri().toString();
    String name = new org.apache.hadoop.fs.Path(uri).toString();
    String message =
        "Cannot read model.safetensors of checkpoint %s: its %d bytes have SHA-256 "
            .formatted(name, bytes.length);
    assertThatThrownBy(() -> LoadedModel.load(uri, Head.NONE, new Configuration()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(message);
    assertThatThrownBy(() -> resume(uri)).hasMessageContaining(message);
  }

  private static void resume(String uri) {
    Gangs.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(List.of(PAIR), 1),
        1,
        (gang, rows) -> {
          ModelFolder from = new ModelFolder(uri, new Configuration());
          Replica.resume(gang, from, Head.VALUE, SETTINGS, Optional.empty(), Device.cpu()).close();
          return List.of().iterator();
        });
  }

  @Test
  void trainingLeavesNoArraysBehind() {
    String from = model.uri();
    List<Integer> counts = arraysAfterSteps(from);
    // weights, their gradient and the two moments of AdamW
    assertThat(counts.get(0)).isEqualTo(4);
    assertThat(counts.get(1)).as("arrays after 30 more steps").isEqualTo(4);
  }

  private static List<Integer> arraysAfterSteps(String from) {
    return Gangs.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(List.of(PAIR), 1),
        1,
        (gang, rows) -> {
          Decoder.prepareThread(1);
          ModelFolder start = new ModelFolder(from, new Configuration());
          try (Replica replica =
              Replica.begin(gang, start, Head.VALUE, SETTINGS, Optional.empty(), 0, Device.cpu())) {
            steps(replica, gang, 1);
            int first = replica.flat().getManager().getManagedArrays().size();
            steps(replica, gang, 30);
            return List.of(first, replica.flat().getManager().getManagedArrays().size()).iterator();
          }
        });
  }
}
