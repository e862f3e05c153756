package org.plumbline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.GangTask;
import org.plumbline.model.Decoder;
import org.plumbline.model.ModelFolder;

/**
 * One rank of one update stage: gets what the stage before left, takes the stage's steps, and
 * writes its part of the next checkpoint. A stage that Spark runs again therefore does the same
 * again.
 */
final class StepTask<E extends Example> implements GangTask<Placed<E>, Update> {
  private final StagePlan plan;
  private final Objective<E> objective;
  private final SerializableConfiguration configuration;

  StepTask(StagePlan plan, Objective<E> objective, SerializableConfiguration configuration) {
    this.plan = plan;
    this.objective = objective;
    this.configuration = configuration;
  }

  @Override
  public Iterator<Update> call(Gang gang, Iterator<Placed<E>> rows) throws IOException {
    Decoder.prepareThread(plan.threads());
    ModelFolder from = new ModelFolder(plan.from(), configuration.value());
    List<Update> updates = new ArrayList<>();
    ReplicaSource source = new ReplicaSource(plan, objective.head(), from);
    Replica replica = source.open(gang);
    try {
      for (List<E> examples : bySteps(rows)) {
        requireShare(examples.size(), updates.size(), gang);
        updates.add(step(replica, gang, examples));
      }
      Map<String, Object> state = new TreeMap<>(plan.state());
      state.put("step", replica.step());
      state.put("stage", plan.name());
      state.put(ResumePoint.UPDATES, updates);
      TrainingCheckpoint.write(gang, replica, from, plan.to(), state, configuration.value());
    } catch (IOException | RuntimeException | Error e) {
      replica.close(); // it is no version that anybody knows
      throw e;
    }
    source.leave(replica);
    return gang.rank() == 0 ? updates.iterator() : List.<Update>of().iterator();
  }

  /** Rows that were lost on the way must not go unnoticed: the others would train without them. */
  private void requireShare(int found, int step, Gang gang) {
    int share = plan.share(step, gang.rank(), gang.world());
    if (found != share) {
      throw new IllegalStateException(
          "Cannot update %s: rank %d of %d has %d of its %d examples of step %d of %d"
              .formatted(
                  plan.name(), gang.rank(), gang.world(), found, share, step + 1, plan.steps()));
    }
  }

  private Update step(Replica replica, Gang gang, List<E> examples) throws IOException {
    Sums sums = new Sums();
    int micro = plan.training().microBatchSize();
    for (List<E> batch : Batches.of(examples, micro, Example::length)) {
      replica.accumulate(objective, batch, sums);
    }
    double rate = plan.learningRate().at(replica.step() + 1);
    return replica.update(gang, sums, rate, plan.training().optimizer());
  }

  /** Examples of each step, in the order of their positions: rows arrive in any order. */
  private List<List<E>> bySteps(Iterator<Placed<E>> rows) {
    List<Placed<E>> sorted = new ArrayList<>();
    rows.forEachRemaining(sorted::add);
    sorted.sort(java.util.Comparator.comparingLong(Placed::position));
    List<List<E>> steps = new ArrayList<>();
    for (int i = 0; i < plan.steps(); i++) {
      steps.add(new ArrayList<>());
    }
    sorted.forEach(placed -> steps.get(placed.step()).add(placed.example()));
    return steps;
  }
}
