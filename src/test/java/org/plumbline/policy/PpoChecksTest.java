package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.testing.TinyRun;

class PpoChecksTest {
  @TempDir Path folder;

  private void refuses(String message, String... sets) {
    Settings settings = TinyRun.in(folder, sets).context().settings();
    assertThatThrownBy(() -> PpoChecks.require(settings)).hasMessage(message);
  }

  @Test
  void goldIsATermOfTheReward() {
    refuses(
        "Invalid ppo.control.gold: truth (must be the name of one of reward.terms: score)",
        "ppo.control.gold=truth",
        "reward.terms=[{model: trained}]");
  }

  @Test
  void saysWhichSettingsCannotBe() {
    refuses(
        "Invalid ppo.mini-batch-size: 1 (must make an example for each of cluster.ranks, 2)",
        "cluster.ranks=2",
        "ppo.mini-batch-size=1");
    refuses(
        "Invalid ppo.mini-batch-size: 3 (must divide ppo.batch-size, 8)",
        "ppo.mini-batch-size=3",
        "ppo.batch-size=8");
    refuses(
        "Invalid ppo.generation.temperature: 0 (must be > 0, or nothing new is ever tried)",
        "ppo.generation.temperature=0");
    refuses(
        "Invalid ppo.dual-clip: 1.1 (must be 0 or > 1.2, the most that clipping leaves)",
        "ppo.dual-clip=1.1");
    refuses(
        "Invalid ppo.overlong-buffer: 65 (must be at most ppo.generation.max-new-tokens, 64)",
        "ppo.overlong-buffer=65",
        "ppo.generation.max-new-tokens=64");
    refuses(
        "Invalid ppo.kl-target: 6.0 (must be 0 for ppo.kl-in=loss, where kl-coef is fixed)",
        "ppo.kl-in=loss",
        "ppo.kl-target=6");
  }

  @Test
  void saysWhichGroupsCannotBe() {
    refuses(
        "Invalid ppo.samples-per-prompt: 1 (must be at least 2 for ppo.learn-from=best)",
        "ppo.learn-from=best");
    refuses(
        "Invalid ppo.mini-batch-size: 4 (must be a multiple of ppo.samples-per-prompt, 8, for"
            + " ppo.learn-from=pairs)",
        "ppo.learn-from=pairs",
        "ppo.samples-per-prompt=8",
        "ppo.mini-batch-size=4");
    refuses(
        "Invalid ppo.learn-from: pairs (must go with a dpo.loss of pairs and a"
            + " dpo.length-desensitized of 1: they are kto and 1.0)",
        "ppo.learn-from=pairs",
        "ppo.samples-per-prompt=2",
        "dpo.loss=kto");
    refuses(
        "Invalid ppo.kl-in: loss (must be reward for ppo.learn-from=best, whose loss has no place"
            + " for it)",
        "ppo.learn-from=best",
        "ppo.samples-per-prompt=2",
        "ppo.mini-batch-size=2",
        "ppo.kl-in=loss");
    refuses(
        "Invalid ppo.samples-per-prompt: 3 (must divide ppo.batch-size, 8)",
        "ppo.samples-per-prompt=3",
        "ppo.batch-size=8");
    refuses(
        "Invalid ppo.samples-per-prompt: 1 (must be at least 2 for ppo.advantage-estimator=rloo)",
        "ppo.advantage-estimator=rloo");
    refuses(
        "Invalid ppo.dynamic-sampling: 2 (must be 0 where ppo.samples-per-prompt is 1)",
        "ppo.dynamic-sampling=2");
    refuses(
        "Invalid ppo.staleness: 1 (must be 0 for ppo.control.action=rollback, which has no use for"
            + " what was drawn ahead)",
        "ppo.staleness=1",
        "ppo.control.action=rollback");
    refuses(
        "Invalid ppo.ratio: sequence (must be token where advantages differ by token, as with"
            + " ppo.advantage-estimator=gae)",
        "ppo.ratio=sequence");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ppo", "grpo", "dr-grpo", "rloo", "reinforce++", "dapo", "gspo"})
  void everyMethodsFileFitsTogether(String method) throws Exception {
    Path file = Path.of("conf", method + ".yaml");
    SettingsSource source = new SettingsSource(file.toString(), Files.readString(file));
    Settings settings = SettingsReader.read(List.of(source), List.of());

    PpoChecks.require(settings);

    assertThat(settings.ppo().equals(SettingsReader.read(List.of(), List.of()).ppo()))
        .isEqualTo(method.equals("ppo"));
  }

  @Test
  void theLastRunsCheckpointsOutliveARefusal() throws Exception {
    Path kept = folder.resolve("ppo/checkpoint/step-00000001/model.safetensors");
    Files.createDirectories(kept.getParent());
    Files.writeString(kept, "weights");
    TinyRun run = TinyRun.in(folder, "ppo.mini-batch-size=3");
    assertThatThrownBy(() -> new PolicyStage(run.context(), "start", "reward").execute())
        .hasMessageStartingWith("Invalid ppo.mini-batch-size: 3");
    assertThat(kept).exists();
  }
}
