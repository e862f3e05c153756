package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.AdapterFile;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.Lora;
import org.plumbline.model.ModelFolder;
import org.plumbline.testing.TinyModel;

class TestMergeCommand {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int plumbline(String... args) {
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new ConsoleProgress.Screen(errors, false, 80));
    return Plumbline.execute(Jobs.WORLD, Jobs.STAGES, console, args);
  }

  /** Adapters that add nothing yet. */
  private Path adapters(TinyModel model) throws IOException {
    Path adapters = Files.createDirectories(folder.resolve("adapters"));
    ModelFolder base = new ModelFolder(model.uri(), new Configuration());
    Optional<Lora> lora = Optional.of(new Lora(2, 4, false, List.of(Lora.ALL_LINEAR)));
    try (Decoder decoder = base.decoder(Head.NONE, Compute.FLOAT32, lora);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray fresh = AdapterFile.load(decoder, base, 1, manager);
      AdapterFile.write(
          decoder,
          fresh,
          base,
          adapters.toUri().toString(),
          name -> Files.newOutputStream(adapters.resolve(name)));
    }
    return adapters;
  }

  @Test
  void writesOneModelOfAdaptersAndTheirBase() throws Exception {
    TinyModel model = TinyModel.write(folder.resolve("model"), 3);
    String to = folder.resolve("merged").toString();
    assertThat(plumbline("merge", "--model", adapters(model).toString(), "--to", to)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(to + "\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(TinyModel.weights(to, Head.NONE))
        .isEqualTo(TinyModel.weights(model.uri(), Head.NONE));
    assertThat(folder.resolve("merged/tokenizer.json"))
        .hasSameBinaryContentAs(model.folder().resolve("tokenizer.json"));
  }

  @Test
  void writesHalfTheBytesIfAsked() throws Exception {
    TinyModel model = TinyModel.write(folder.resolve("model"), 3);
    String to = folder.resolve("merged").toString();
    String from = adapters(model).toString();
    assertThat(plumbline("merge", "--model", from, "--to", to, "--type", "BF16")).isZero();
    assertThat(Files.size(folder.resolve("merged/model.safetensors")))
        .isLessThan(Files.size(model.folder().resolve("model.safetensors")) * 6 / 10);
  }

  @Test
  void saysInOneLineWhatIsWrong() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 3);
    String to = folder.resolve("merged").toString();
    assertThat(plumbline("merge", "--model", model.uri(), "--to", to)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "plumbline merge: Cannot merge adapters of %s: it has no adapter_config.json\n"
                .formatted(model.uri()));
    assertThat(plumbline("merge", "--model", model.uri())).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--to");
    assertThat(plumbline("merge", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("adapters and their base ->");
  }
}
