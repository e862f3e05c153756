package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.Jobs;
import org.plumbline.testing.SharedData;

/** Published dialogues and a published model, cut short: from the file to measures. */
class RealInputIT {
  @TempDir Path run;

  @Test
  void alignsAPublishedModelOnPublishedDialogues() throws IOException, InterruptedException {
    Path feedback = SharedData.path("data/hh-rlhf/harmless-base-test.jsonl.gz");
    Path model = SharedData.path("data/models/stories260K-hf");
    int code =
        Jobs.run(
            "run.sh",
            "--config=conf/hh-rlhf.yaml",
            "--run=" + run,
            "--feedback=" + feedback,
            "--model=" + model,
            "--set=tokens.max-length=96",
            "--set=tokens.max-prompt-length=48",
            "--set=reward.epochs=0.5",
            "--set=dpo.epochs=0.3",
            "--set=evaluate.prompts=16",
            "--set=evaluate.generation.max-new-tokens=16",
            "--skip=policy");
    assertThat(code).isZero();

    JsonNode result = Jobs.json(run.resolve("result.json"));
    assertThat(result.at("/rows/feedback").asLong()).isEqualTo(2312);
    assertThat(result.at("/rows/rejects").asLong()).isZero();
    JsonNode tokens = Jobs.json(run.resolve("tokens/result.json"));
    assertThat(tokens.get("truncatedPrompts").asLong()).isGreaterThan(1000);
    JsonNode reward = result.get("reward");
    assertThat(reward.get("pairs").asLong()).isBetween(350L, 560L);
    assertThat(reward.get("accuracyHeldOut").asDouble())
        .isBetween(reward.at("/interval/0").asDouble(), reward.at("/interval/1").asDouble());
    assertThat(result.at("/dpo/klPerCompletion").isNumber()).isTrue();
    assertThat(result.at("/start/completions").asLong()).isEqualTo(16);
    assertThat(run.resolve("report/index.html")).isNotEmptyFile();
  }
}
