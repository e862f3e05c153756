package org.plumbline.sft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.TrainedModel;

class SftStageTest {
  @TempDir Path folder;

  @Test
  void withNothingToImitateTheModelIsTheStart() {
    TinyRun run =
        TinyRun.in(folder, "model.path=somewhere/model")
            .table(DemonstrationTokensTable.TABLE, "tokens/demonstrations", List.of());
    assertThat(new SftStage(run.context()).execute())
        .isEqualTo(new SftStage.Result("somewhere/model", 0, 0, null));
  }

  /** Or all that follows would start from the model of an earlier run. */
  @Test
  void nothingToImitateLeavesNoOtherStart() throws Exception {
    TinyModel model = TinyModel.write(folder.resolve("model"), 2);
    TinyRun run =
        TinyRun.in(folder.resolve("run"), "model.path=" + model.uri(), "sft.batch-size=8")
            .demonstrations(16);
    new SftStage(run.context()).execute();
    assertThat(TrainedModel.of(run.context().run(), "sft")).isPresent();
    run.table(DemonstrationTokensTable.TABLE, "tokens/demonstrations", List.of());
    new SftStage(run.context()).execute();
    assertThat(TrainedModel.of(run.context().run(), "sft")).isEmpty();
  }

  @Test
  void imitatesTrainingDialoguesOnly() {
    TinyModel model = TinyModel.write(folder.resolve("model"), 2);
    TinyRun run =
        TinyRun.in(
                folder.resolve("run"),
                "model.path=" + model.uri(),
                "sft.batch-size=8",
                "sft.epochs=4",
                "sft.learning-rate=0.01")
            .demonstrations(16);

    SftStage.Result result = new SftStage(run.context()).execute();

    assertThat(result.demonstrations()).isEqualTo(16); // and not the one held out
    assertThat(result.steps()).isEqualTo(8);
    assertThat(run.metrics("sft"))
        .containsExactly("grad_norm", "learning_rate", "loss", "response_tokens");
    assertThat(run.metric("sft", "loss")).containsEntry(8L, result.loss());
    assertThat(result.loss()).isLessThan(run.metric("sft", "loss").get(1L) - 0.2);
  }

  @Test
  void aModelWithoutWeightsGetsThemFromTheSeed() throws Exception {
    float[] zero = fromNothing("a", 0);
    assertThat(fromNothing("b", 0)).isEqualTo(zero);
    assertThat(fromNothing("c", 1)).isNotEqualTo(zero);
  }

  private float[] fromNothing(String name, long seed) throws Exception {
    TinyModel model = TinyModel.write(folder.resolve(name + "-model"), 2);
    Files.delete(model.folder().resolve("model.safetensors"));
    TinyRun run =
        TinyRun.in(
                folder.resolve(name),
                "model.path=" + model.uri(),
                "seed=" + seed,
                "sft.batch-size=4",
                "sft.learning-rate=1e-9")
            .demonstrations(4);
    return TinyModel.weights(new SftStage(run.context()).execute().checkpoint(), Head.NONE);
  }
}
