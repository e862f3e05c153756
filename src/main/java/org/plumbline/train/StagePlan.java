package org.plumbline.train;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plumbline.config.ModelSettings;

/**
 * What one update stage is to do.
 *
 * @param name of the job, for people
 * @param from folder that the stage starts from
 * @param fresh whether {@code from} is a mere model, without the optimizer to go on with
 * @param to folder of the checkpoint it leaves
 * @param rows of all steps and ranks: batches of the plan's size, of which the last may be shorter
 * @param seed of weights that are not there yet
 * @param threads native threads of each rank
 * @param model how to compute
 * @param state what the checkpoint is to tell besides
 * @param residence whether replicas stay in memory
 * @param evaluation after the last update
 */
public record StagePlan(
    String name,
    String from,
    boolean fresh,
    String to,
    long rows,
    long seed,
    int threads,
    ModelSettings model,
    LearningRate learningRate,
    TrainingPlan training,
    Map<String, Object> state,
    Residence residence,
    Evaluation evaluation)
    implements Serializable {
  /** What the checkpoint after {@code updates}, {@code step} in all, tells of itself. */
  Map<String, Object> stateAt(long step, List<Update> updates) {
    Map<String, Object> all = new TreeMap<>(state);
    all.put("step", step);
    all.put("stage", name);
    all.put(ResumePoint.UPDATES, updates);
    all.putAll(evaluation.state(updates));
    return all;
  }

  /** Updates to take. */
  int steps() {
    return Math.toIntExact((rows + training.batchSize() - 1) / training.batchSize());
  }

  /** The same, and one more for what is evaluated, if anything is. */
  int stepsAndEvaluation() {
    return steps() + (evaluation.rows() > 0 ? 1 : 0);
  }

  /** How many rows of {@code step} rank {@code rank} of {@code world} has. */
  int share(int step, int rank, int world) {
    if (step == steps()) {
      return evaluation.share(rank, world);
    }
    long rest = rows - (long) step * training.batchSize();
    int batch = (int) Math.min(training.batchSize(), rest);
    return Dealing.share(batch, rank, world);
  }
}
