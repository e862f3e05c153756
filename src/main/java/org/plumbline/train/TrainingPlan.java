package org.plumbline.train;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.plumbline.config.LoraSettings;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.config.RowTrainingSettings;
import org.plumbline.model.Lora;

/**
 * How long and how fast to train on a table of rows.
 *
 * @param learningRate at its peak
 * @param batchSize rows of one update, over all ranks
 * @param microBatchSize rows of one forward and backward pass
 * @param epochs passes over the rows; may be a fraction
 * @param stepsPerStage updates of one Spark stage, after which there is a checkpoint
 */
public record TrainingPlan(
    double learningRate,
    int batchSize,
    int microBatchSize,
    double epochs,
    int stepsPerStage,
    OptimizerSettings optimizer,
    LoraSettings lora)
    implements Serializable {

  /** The plan that {@code settings} make. */
  public static TrainingPlan of(RowTrainingSettings settings) {
    return new TrainingPlan(
        settings.learningRate(),
        settings.batchSize(),
        settings.microBatchSize(),
        settings.epochs(),
        settings.stepsPerStage(),
        settings.optimizer(),
        settings.lora());
  }

  /** What to adapt, if not all weights are to be trained. */
  Optional<Lora> adapters() {
    return lora.rank() == 0
        ? Optional.empty()
        : Optional.of(
            new Lora(
                lora.rank(),
                lora.alpha(),
                lora.rankStabilized(),
                List.of(lora.targetModules().strip().split("[,\\s]+"))));
  }
}
