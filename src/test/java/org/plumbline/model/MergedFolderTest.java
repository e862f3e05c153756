package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedFolderTest {
  private static final Configuration CONF = new Configuration();

  @TempDir Path folder;
  private ModelFolder base;

  @BeforeEach
  void prepare() throws IOException {
    Decoder.prepareThread(1);
    base = TinyModels.write(folder.resolve("base"), TinyModels.LLAMA, Head.NONE);
    Files.writeString(folder.resolve("base/tokenizer.json"), "{}");
  }

  private String merged(PeftFolder peft) throws IOException {
    String to = folder.resolve("merged").toUri().toString();
    MergedFolder.write(peft.write().uri(), to, WeightType.F32, CONF);
    return to;
  }

  private String x() {
    return folder.resolve("x").toString();
  }

  private PeftFolder adapters() throws IOException {
    return PeftFolder.llama(folder.resolve("adapters"));
  }

  private static float[] logits(String uri) throws IOException {
    try (LoadedModel model = LoadedModel.load(uri, Head.NONE, CONF);
        NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray ids = step.create(new long[] {3, 14, 15, 9}, new Shape(1, 4));
      return model.decoder().logits(model.flat(), ids).toFloatArray();
    }
  }

  @Test
  void isAModelThatSaysTheSame() throws Exception {
    PeftFolder peft = adapters();
    String to = merged(peft);
    assertThat(logits(to)).isEqualTo(logits(peft.write().uri())).isNotEqualTo(logits(base.uri()));
    assertThat(folder.resolve("merged/tokenizer.json")).hasContent("{}");
    assertThat(folder.resolve("merged/adapter_config.json")).doesNotExist();
    assertThat(new ModelFolder(to, CONF).config().at("/architectures/0").asText())
        .isEqualTo("LlamaForCausalLM");
  }

  @Test
  void aRewardModelKeepsItsScore() throws Exception {
    PeftFolder peft = adapters().scoring();
    String to = merged(peft);
    assertThat(new ModelFolder(to, CONF).config().at("/architectures/0").asText())
        .isEqualTo("LlamaForSequenceClassification");
    try (LoadedModel model = LoadedModel.load(to, Head.SCORE, CONF)) {
      assertThat(model.flat().toFloatArray())
          .endsWith(peft.matrices().get("base_model.model.score.weight").values());
    }
  }

  @Test
  void overwritesNothing() throws Exception {
    Files.createDirectories(folder.resolve("merged"));
    Files.writeString(folder.resolve("merged/mine.txt"), "mine");
    assertThatThrownBy(() -> merged(adapters()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot merge adapters into ")
        .hasMessageEndingWith("merged: it is not empty");
    assertThat(folder.resolve("merged/mine.txt")).hasContent("mine");
  }

  @Test
  void wantsAdapters() throws Exception {
    assertThatThrownBy(() -> MergedFolder.write(base.uri(), x(), WeightType.F32, CONF))
        .hasMessage("Cannot merge adapters of %s: it has no adapter_config.json", base.uri());
    ModelFolder written = adapters().write();
    TinyModels.write(folder.resolve("adapters"), TinyModels.LLAMA, Head.NONE);
    assertThatThrownBy(() -> MergedFolder.write(written.uri(), x(), WeightType.F32, CONF))
        .hasMessage("Cannot merge adapters of %s: it has weights", written.uri());
    String nothing = folder.resolve("nothing").toString();
    assertThatThrownBy(() -> MergedFolder.write(nothing, x(), WeightType.F32, CONF))
        .hasMessage("Cannot merge adapters of %s: it has no adapter_config.json", nothing);
  }
}
