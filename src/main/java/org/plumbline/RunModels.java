package org.plumbline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.plumbline.rollout.RewardTerms;
import org.plumbline.stage.StageContext;
import org.plumbline.train.TrainedModel;

/** Which models a run has so far. */
final class RunModels {
  private RunModels() {}

  /** The policy that alignment starts from: what fine-tuning left, or else the user's model. */
  static String start(StageContext context) {
    return latest(context, "sft").orElse(context.settings().model().path());
  }

  /** The reward model, which must be there if {@code reward.terms} ask for it; else empty. */
  static String reward(StageContext context) {
    return RewardTerms.needTrained(context.settings().reward().terms())
        ? trained(context, "reward")
        : latest(context, "reward").orElse("");
  }

  /** What a stage has trained that must have run. */
  static String trained(StageContext context, String folder) {
    return latest(context, folder)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot find a model: no checkpoint in " + context.run().at(folder)));
  }

  /** What a stage has trained, if it has run: its best checkpoint or its last. */
  static Optional<String> latest(StageContext context, String folder) {
    try {
      return TrainedModel.of(context.run(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot look for checkpoints in " + context.run().at(folder), e);
    }
  }
}
