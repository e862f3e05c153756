package org.plumbline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.GangTask;
import org.plumbline.model.Decoder;
import org.plumbline.model.Devices;
import org.plumbline.model.ModelFolder;
import org.plumbline.stage.TaskTime;

/**
 * One rank of one update stage: gets what the stage before left, takes the stage's steps, and
 * writes its part of the next checkpoint, or begins to. A stage that Spark runs again therefore
 * does the same again.
 */
final class StepTask<E extends Example> implements GangTask<Placed<E>, Update> {
  private final StagePlan plan;
  private final Objective<E> objective;
  private final Aside aside; // null if the checkpoint is to be there when the stage ends
  private final SerializableConfiguration configuration;
  private final TaskTime time;

  StepTask(
      StagePlan plan,
      Objective<E> objective,
      Aside aside,
      SerializableConfiguration configuration,
      TaskTime time) {
    this.plan = plan;
    this.objective = objective;
    this.aside = aside;
    this.configuration = configuration;
    this.time = time;
  }

  @Override
  public Iterator<Update> call(Gang gang, Iterator<Placed<E>> rows) throws IOException {
    return time.of(() -> train(gang, rows));
  }

  private Iterator<Update> train(Gang gang, Iterator<Placed<E>> rows) throws IOException {
    Decoder.prepareThread(plan.threads());
    ModelFolder from = new ModelFolder(plan.from(), configuration.value());
    List<Update> updates = new ArrayList<>();
    ReplicaSource source = new ReplicaSource(plan, objective.head(), from, Devices.ofTask());
    Optional<Replica> found = source.open(gang, this::isThere);
    if (found.isEmpty()) {
      return List.<Update>of().iterator();
    }
    Replica replica = found.get();
    try {
      StageSteps<E> steps = new StageSteps<>(plan, objective, gang.rank(), gang.world());
      List<List<E>> examples = steps.of(rows);
      for (List<E> each : examples.subList(0, plan.steps())) {
        updates.add(steps.take(replica, gang, each));
      }
      if (plan.evaluation().rows() > 0) {
        int last = updates.size() - 1;
        List<E> heldOut = examples.get(plan.steps());
        updates.set(last, steps.evaluated(updates.get(last), replica, gang, heldOut));
      }
      write(gang, replica, from, updates);
      source.leave(replica, plan.evaluation().over(updates));
    } catch (IOException | RuntimeException | Error e) {
      replica.close(); // it is no version that anybody knows
      throw e;
    }
    return gang.rank() == 0 ? updates.iterator() : List.<Update>of().iterator();
  }

  /** Whether the checkpoint that the stage starts from can be loaded. */
  private boolean isThere() throws IOException {
    return aside == null
        || !aside.unsure()
        || Checkpoint.isComplete(plan.from(), configuration.value());
  }

  private void write(Gang gang, Replica replica, ModelFolder from, List<Update> updates)
      throws IOException {
    Configuration hadoop = configuration.value();
    if (aside == null) {
      Map<String, Object> state = plan.stateAt(replica.step(), updates);
      TrainingCheckpoint.write(gang, replica, from, plan.to(), state, hadoop);
    } else {
      ModelFolder described = new ModelFolder(aside.source(), hadoop);
      TrainingCheckpoint.begin(gang, replica, described, plan.to(), aside.errand(), hadoop);
    }
  }
}
