package org.plumbline.config;

import java.io.Serializable;

/** Supervised fine-tuning on demonstrations. */
public record SftSettings(
    @Setting(value = "2e-5", min = 0, exclusive = true, doc = "peak learning rate")
        double learningRate,
    @Setting(value = "32", min = 1, doc = "rows of one update, over all ranks") int batchSize,
    @Setting(value = "32", min = 1, doc = "rows of one forward and backward pass, at most")
        int microBatchSize,
    @Setting(value = "1", min = 0, exclusive = true, doc = "passes over the training rows")
        double epochs,
    @Setting(value = "50", min = 1, doc = "updates between two checkpoints, one Spark stage each")
        int stepsPerStage,
    EvalSettings eval,
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements RowTrainingSettings, Serializable {
  /**
   * Takes the settings.
   *
   * @throws IllegalArgumentException if the best checkpoint is to be found by a figure of pairs
   */
  public SftSettings {
    if (!eval.metric().equals("loss")) {
      throw new IllegalArgumentException(
          "Invalid sft.eval.metric: %s (must be loss)".formatted(eval.metric()));
    }
  }
}
