package org.plumbline.train;

import java.io.Serializable;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.config.RowTrainingSettings;

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
    OptimizerSettings optimizer)
    implements Serializable {

  /** The plan that {@code settings} make. */
  public static TrainingPlan of(RowTrainingSettings settings) {
    return new TrainingPlan(
        settings.learningRate(),
        settings.batchSize(),
        settings.microBatchSize(),
        settings.epochs(),
        settings.stepsPerStage(),
        settings.optimizer());
  }
}
