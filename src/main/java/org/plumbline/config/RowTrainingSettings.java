package org.plumbline.config;

/** What all methods that train on rows of a table are told. */
public sealed interface RowTrainingSettings permits SftSettings, RewardSettings, DpoSettings {
  /** The learning rate at its peak. */
  double learningRate();

  /** Rows of one update, over all ranks. */
  int batchSize();

  /** Rows of one forward and backward pass. */
  int microBatchSize();

  /** Passes over the training rows. */
  double epochs();

  /** Updates between two checkpoints. */
  int stepsPerStage();

  /** Evaluation while training goes on. */
  EvalSettings eval();

  /** The optimizer. */
  OptimizerSettings optimizer();

  /** Adapters, if any. */
  LoraSettings lora();
}
