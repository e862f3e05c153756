package org.plumbline.train;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.cluster.Gang;
import org.plumbline.model.Decoder;
import org.plumbline.model.Devices;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Slice;
import org.plumbline.model.TrainedFile;
import org.plumbline.stage.TaskTime;

/**
 * A worker's part of a round: from the shared weights, with moments of its own that it keeps from
 * round to round.
 */
final class LocalSteps<E extends Example>
    implements Function2<Integer, Iterator<Placed<E>>, Iterator<LocalRound.Local>> {
  private static final long serialVersionUID = 1L;

  private final StagePlan plan;
  private final Objective<E> objective;
  private final int workers;
  private final SerializableConfiguration configuration;
  private final TaskTime time;

  LocalSteps(
      StagePlan plan,
      Objective<E> objective,
      int workers,
      SerializableConfiguration configuration,
      TaskTime time) {
    this.plan = plan;
    this.objective = objective;
    this.workers = workers;
    this.configuration = configuration;
    this.time = time;
  }

  /** Where a worker's moments are within a checkpoint. */
  static String moments(int worker) {
    return "plumbline/worker-%05d.safetensors".formatted(worker + 1);
  }

  /** Where its weights are until the round ends; they are no part of the checkpoint. */
  static String weights(int worker) {
    return "plumbline/local-%05d.safetensors".formatted(worker + 1);
  }

  @Override
  public Iterator<LocalRound.Local> call(Integer worker, Iterator<Placed<E>> rows)
      throws IOException {
    return List.of(time.of(() -> train(worker, rows))).iterator();
  }

  private LocalRound.Local train(int worker, Iterator<Placed<E>> rows) throws IOException {
    Decoder.prepareThread(plan.threads());
    ModelFolder from = new ModelFolder(plan.from(), configuration.value());
    List<Update> updates = new ArrayList<>();
    try (Gang gang = Gang.alone();
        Replica replica =
            Replica.begin(
                gang,
                from,
                objective.head(),
                plan.model(),
                plan.training().adapters(),
                plan.seed(),
                Devices.ofTask())) {
      if (!plan.fresh()) {
        replica.readOptimizer(from, moments(worker));
      }
      StageSteps<E> steps = new StageSteps<>(plan, objective, worker, workers);
      for (List<E> examples : steps.of(rows)) {
        if (examples.isEmpty()) {
          replica.pass();
        } else {
          updates.add(steps.take(replica, gang, examples));
        }
      }
      return new LocalRound.Local(worker, write(replica, worker), updates);
    }
  }

  private byte[] write(Replica replica, int worker) throws IOException {
    CheckpointWriter writer = Checkpoint.join(plan.to(), configuration.value());
    try (OutputStream out = writer.file(moments(worker))) {
      replica.writeOptimizer(out);
    }
    byte[] files = writer.finished();
    try (OutputStream out = writer.file(weights(worker))) {
      Slice all = new Slice(0, replica.trained().size());
      TrainedFile.write(replica.decoder(), all, Map.of("", replica.trained()), replica.step(), out);
    }
    return files;
  }
}
