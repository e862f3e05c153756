package org.plumbline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final String TOKENIZER_SHA256 =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; // sha256sum of "test"

  private final Configuration conf = new Configuration();
  @TempDir Path folder;
  private String uri;

  @BeforeEach
  void place() {
    uri = "file:" + folder.resolve("step-00000001");
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    write(uri, 100_000);

    Checkpoint checkpoint = Checkpoint.open(uri, conf);

    assertThat(checkpoint.files())
        .containsExactly(
            "model.safetensors", "plumbline/optimizer/0.bin", "plumbline/state.json", "vocab.txt");
    assertThat(checkpoint.bytes("model.safetensors")).isEqualTo(pattern(100_000));
    assertThat(checkpoint.size("model.safetensors")).isEqualTo(100_000);
    assertThat(checkpoint.state().get("step").asLong()).isEqualTo(1L << 40);
    assertThat(checkpoint.state().get("rate").asDouble()).isEqualTo(1.41e-5);
    assertThat(Files.readString(local("plumbline/manifest.json")))
        .contains("\"version\" : 1", TOKENIZER_SHA256);
  }

  @Test
  void leavesOnlyTheFilesItNames() throws IOException {
    write(uri, 10);
    assertThat(everything(folder))
        .containsExactlyInAnyOrder(
            "step-00000001/model.safetensors",
            "step-00000001/vocab.txt",
            "step-00000001/plumbline/optimizer/0.bin",
            "step-00000001/plumbline/state.json",
            "step-00000001/plumbline/manifest.json");
  }

  @Test
  void theSameCheckpointHasTheSameManifest() throws IOException {
    write(uri, 1000);
    String other = folder.resolve("other").toUri().toString();
    write(other, 1000);
    assertThat(local("plumbline/manifest.json"))
        .hasSameBinaryContentAs(folder.resolve("other/plumbline/manifest.json"));
  }

  @Test
  void refusesWhatWasNeverFinished() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(uri, conf))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot open checkpoint " + uri + ": no manifest, so it was never finished");

    try (OutputStream out = Checkpoint.create(uri, conf).file("model.safetensors")) {
      out.write(pattern(1000)); // and here the writer dies
    }
    assertThatThrownBy(() -> Checkpoint.open(uri, conf))
        .hasMessageContaining("no manifest, so it was never finished");

    write(uri, 1000);
    byte[] manifest = Files.readAllBytes(local("plumbline/manifest.json"));
    for (int length = 0; length < manifest.length; length++) {
      Files.write(local("plumbline/manifest.json"), Arrays.copyOf(manifest, length));
      assertThatThrownBy(() -> Checkpoint.open(uri, conf))
          .as("manifest of %d bytes", length)
          .hasMessageContaining("so it was never finished");
    }
  }

  @Test
  void aNewWriterClearsWhatADeadOneLeft() throws IOException {
    try (OutputStream out = Checkpoint.create(uri, conf).file("left-over.bin")) {
      out.write(1);
    }
    write(uri, 10);
    assertThat(local("left-over.bin")).doesNotExist();
    assertThat(Checkpoint.open(uri, conf).files()).doesNotContain("left-over.bin");
  }

  @Test
  void noticesATruncatedFile() throws IOException {
    write(uri, 1000);
    Files.write(local("model.safetensors"), pattern(999));
    assertThatThrownBy(() -> Checkpoint.open(uri, conf).bytes("model.safetensors"))
        .hasMessageStartingWith(
            "Cannot read model.safetensors of checkpoint "
                + uri
                + ": it has 999 bytes (the manifest says 1000 bytes with SHA-256 ");
  }

  @Test
  void noticesAFlippedByte() throws IOException {
    write(uri, 4);
    Files.writeString(local("vocab.txt"), "tesT");
    assertThatThrownBy(() -> Checkpoint.open(uri, conf).bytes("vocab.txt"))
        .hasMessage(
            "Cannot read vocab.txt of checkpoint "
                + uri
                + ": its 4 bytes have SHA-256"
                // printf tesT | sha256sum
                + " db60c4e56ed9727f556307e104a2a47b33b9aaed36e87ac5090b5dfc1bf914f2"
                + " (the manifest says 4 bytes and "
                + TOKENIZER_SHA256
                + ")");
  }

  @Test
  void noticesAFlippedByteBeyondWhereTheReaderStopped() throws IOException {
    write(uri, 1000);
    byte[] flipped = pattern(1000);
    flipped[999] ^= 1;
    Files.write(local("model.safetensors"), flipped);
    assertThatThrownBy(
            () -> {
              try (InputStream in = Checkpoint.open(uri, conf).read("model.safetensors")) {
                assertThat(in.skip(8)).isEqualTo(8);
                assertThat(in.readNBytes(8)).hasSize(8);
              }
            })
        .hasMessageContaining("its 1000 bytes have SHA-256");
  }

  @Test
  void refusesAFinishedCheckpointUntilItIsDeleted() throws IOException {
    write(uri, 10);
    assertThatThrownBy(() -> Checkpoint.create(uri, conf))
        .hasMessage(
            "Cannot write checkpoint " + uri + ": a finished one is there (delete it first)");
    Checkpoint.delete(uri, conf);
    write(uri, 20);
    assertThat(Checkpoint.open(uri, conf).size("model.safetensors")).isEqualTo(20);
  }

  @Test
  void refusesAnotherFormatVersion() throws IOException {
    write(uri, 10);
    Files.writeString(
        local("plumbline/manifest.json"), "{\"version\": 2, \"shards\": [], \"files\": 7}");
    assertThatThrownBy(() -> Checkpoint.open(uri, conf))
        .hasMessage("Cannot open checkpoint " + uri + ": its format version is 2 (must be 1)");
    assertThatThrownBy(() -> Checkpoint.create(uri, conf)).hasMessageContaining("version is 2");
  }

  @Test
  void refusesMistakesOfTheWriter() throws IOException {
    CheckpointWriter writer = Checkpoint.create(uri, conf);
    for (String path : List.of("", "/etc/x", "../x", "a//b", "a/./b")) {
      assertThatThrownBy(() -> writer.file(path))
          .hasMessageStartingWith("Invalid file of a checkpoint: '" + path + "' (must be");
    }
    assertThatThrownBy(() -> writer.file("plumbline/manifest.json"))
        .hasMessageContaining("must not be one that commit writes");
    OutputStream open = writer.file("a.bin");
    assertThatThrownBy(() -> writer.file("a.bin")).hasMessageContaining("it was begun before");
    assertThatThrownBy(() -> writer.commit(Map.of()))
        .hasMessage("Cannot commit checkpoint " + uri + ": not closed: [a.bin]");
    open.close();
    open.close();
    writer.commit(Map.of());
    assertThatThrownBy(() -> writer.file("b.bin")).hasMessageContaining("committed already");
    assertThatThrownBy(() -> writer.commit(Map.of())).hasMessageContaining("committed already");
    assertThatThrownBy(() -> Checkpoint.open(uri, conf).bytes("c.bin"))
        .hasMessage(
            "Cannot read c.bin of checkpoint " + uri + ": it holds [a.bin, plumbline/state.json]");
  }

  private void write(String at, int bytes) throws IOException {
    CheckpointWriter writer = Checkpoint.create(at, conf);
    OutputStream vocab = writer.file("vocab.txt");
    try (OutputStream out = writer.file("model.safetensors")) {
      byte[] all = pattern(bytes);
      out.write(all[0]);
      out.write(all, 1, bytes - 1);
    }
    vocab.write("test".getBytes(StandardCharsets.UTF_8));
    vocab.close();
    writer.file("plumbline/optimizer/0.bin").close();
    writer.commit(Map.of("step", 1L << 40, "rate", 1.41e-5));
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  private Path local(String relative) {
    return folder.resolve("step-00000001").resolve(relative);
  }

  private static List<String> everything(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).map(p -> root.relativize(p).toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
