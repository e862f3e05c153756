package org.plumbline.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.cluster.Gang;
import org.plumbline.config.OuterSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Devices;
import org.plumbline.model.Head;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Slice;
import org.plumbline.model.TrainedFile;

/**
 * Ends a round: takes the workers' mean change as the gradient of a step with Nesterov momentum,
 * and writes the checkpoint.
 */
record OuterStep(
    StagePlan plan,
    Head head,
    OuterSettings settings,
    List<Update> updates,
    SerializableConfiguration configuration)
    implements VoidFunction<List<LocalRound.Local>> {
  private static final String MOMENTUM = "plumbline/outer.safetensors";
  private static final String PREFIX = "momentum.";

  @Override
  public void call(List<LocalRound.Local> locals) throws IOException {
    if (Checkpoint.isComplete(plan.to(), configuration.value())) {
      return; // an attempt that was lost at its very end
    }
    Decoder.prepareThread(plan.threads());
    ModelFolder from = new ModelFolder(plan.from(), configuration.value());
    ModelFolder to = new ModelFolder(plan.to(), configuration.value());
    try (Gang gang = Gang.alone();
        Replica replica =
            Replica.begin(
                gang,
                from,
                head,
                plan.model(),
                plan.training().adapters(),
                plan.seed(),
                Devices.ofTask());
        NDManager scope = replica.decoder().scope()) {
      NDArray weights = replica.trained();
      NDArray momentum = weights.zerosLike();
      momentum.attach(scope);
      if (!plan.fresh()) {
        read(replica, from, MOMENTUM, PREFIX, momentum);
      }
      long step = step(replica, to, locals, momentum, scope);
      CheckpointWriter writer = Checkpoint.join(plan.to(), configuration.value());
      for (LocalRound.Local local : locals) {
        writer.include(local.files());
      }
      try (ReplicaPart part = ReplicaPart.of(replica)) {
        part.writeModel(from, plan.to(), writer);
      }
      try (OutputStream out = writer.file(MOMENTUM)) {
        TrainedFile.write(replica.decoder(), all(replica), Map.of(PREFIX, momentum), step, out);
      }
      writer.commit(plan.stateAt(step, updates));
    }
    for (LocalRound.Local local : locals) {
      Path weights = new Path(plan.to(), LocalSteps.weights(local.worker()));
      weights.getFileSystem(configuration.value()).delete(weights, false);
    }
  }

  /** In place; returns the number of steps taken so far. */
  private long step(
      Replica replica,
      ModelFolder to,
      List<LocalRound.Local> locals,
      NDArray momentum,
      NDManager scope)
      throws IOException {
    NDArray weights = replica.trained();
    NDArray change = weights.zerosLike();
    change.attach(scope);
    NDArray local = weights.zerosLike();
    local.attach(scope);
    long step = 0;
    for (LocalRound.Local each : locals) {
      step = read(replica, to, LocalSteps.weights(each.worker()), "", local);
      change.addi(local.subi(weights).muli(-1.0 / locals.size()));
    }
    // v = mu v + g; w = w - lr (g + mu v)
    momentum.muli(settings.momentum()).addi(change);
    weights.subi(change.addi(momentum.mul(settings.momentum())).muli(settings.learningRate()));
    return step;
  }

  private static long read(
      Replica replica, ModelFolder folder, String name, String prefix, NDArray array)
      throws IOException {
    Slice all = all(replica);
    return TrainedFile.read(name, replica.decoder(), all, all, Map.of(prefix, array), folder, name);
  }

  private static Slice all(Replica replica) {
    return new Slice(0, replica.trained().size());
  }
}
