package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.model.Head;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.AfterSteps;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Where the policy was updated, completions are drawn by what is in memory. */
class ResidentPolicyTest extends SmallLoops {
  private static final String[] SHARED = {"ppo.critic=shared"};
  private static final String[] SEPARATE = {"ppo.critic=separate"};

  /** Weights are gone as soon as they are written, but for the last ones. */
  private PolicyStage.Result withoutCheckpoints(TinyRun run) {
    StageContext context = run.context();
    AfterSteps losing =
        new AfterSteps(
            done -> {
              if (done < context.settings().ppo().iterations()) {
                for (String folder : List.of("ppo/checkpoint", "ppo/critic")) {
                  spoil(CheckpointFolders.step(context.run().at(folder), done));
                }
              }
            });
    return new PolicyStage(
            new StageContext(context.spark(), context.run(), context.settings(), losing),
            start.uri(),
            reward.uri())
        .execute();
  }

  /** Other bytes, which nothing but reading them tells. */
  private static void spoil(String checkpoint) {
    Path weights = Path.of(URI.create(checkpoint + "/model.safetensors"));
    if (!Files.exists(weights)) {
      return;
    }
    try {
      var modified = Files.getLastModifiedTime(weights);
      Files.write(weights, new byte[Math.toIntExact(Files.size(weights))]);
      Files.setLastModifiedTime(weights, modified);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertSame(String... sets) {
    TinyRun calm = run("calm", sets);
    PolicyStage.Result expected =
        new PolicyStage(calm.context(), start.uri(), reward.uri()).execute();
    TinyRun run = run("resident", sets);
    PolicyStage.Result result = withoutCheckpoints(run);
    assertThat(rollouts(run)).isEqualTo(rollouts(calm));
    assertThat(TinyModel.weights(result.checkpoint(), Head.NONE))
        .isEqualTo(TinyModel.weights(expected.checkpoint(), Head.NONE));
  }

  @Test
  void noCheckpointIsReadBetweenIterations() {
    assertSame(SHARED);
  }

  @Test
  void norIsThatOfACriticOfItsOwn() {
    assertSame(SEPARATE);
  }

  @Test
  void itIsReadIfNothingStaysInMemory() {
    TinyRun run = run("forgetful", "cluster.resident=false");
    assertThatThrownBy(() -> withoutCheckpoints(run)).hasStackTraceContaining("model.safetensors");
  }
}
