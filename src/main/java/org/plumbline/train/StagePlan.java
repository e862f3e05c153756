package org.plumbline.train;

import java.io.Serializable;
import java.util.Map;
import org.plumbline.config.ModelSettings;

/**
 * What one update stage is to do.
 *
 * @param name of the job, for people
 * @param from folder that the stage starts from
 * @param fresh whether {@code from} is a mere model, without the optimizer to go on with
 * @param to folder of the checkpoint it leaves
 * @param steps updates to take
 * @param seed of weights that are not there yet
 * @param threads native threads of each rank
 * @param model how to compute
 * @param pairs which pairs it trains on, as the checkpoint will tell; empty if on none
 */
public record StagePlan(
    String name,
    String from,
    boolean fresh,
    String to,
    int steps,
    long seed,
    int threads,
    ModelSettings model,
    LearningRate learningRate,
    TrainingPlan training,
    Map<String, Object> pairs)
    implements Serializable {
  /** A stage that trains on no pairs. */
  public StagePlan(
      String name,
      String from,
      boolean fresh,
      String to,
      int steps,
      long seed,
      int threads,
      ModelSettings model,
      LearningRate learningRate,
      TrainingPlan training) {
    this(name, from, fresh, to, steps, seed, threads, model, learningRate, training, Map.of());
  }
}
