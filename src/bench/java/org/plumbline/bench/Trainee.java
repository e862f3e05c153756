package org.plumbline.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.model.Decoder;
import org.plumbline.model.FreshAdapters;
import org.plumbline.model.Head;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.model.Weights;

/** A model in training on imitation, by the steps that a rank of a job takes. */
final class Trainee implements AutoCloseable {
  private final TrainingSetup setup;
  private final Decoder decoder;
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final NDArray flat;
  private final NDArray trained;
  private final NDArray mean;
  private final NDArray square;
  private final NDArray gradient;
  private long step;

  Trainee(TrainingSetup setup) throws IOException {
    this.setup = setup;
    ModelFolder folder = new ModelFolder(setup.model().toUri().toString(), new Configuration());
    Decoder plain = folder.decoder(Head.NONE, setup.way().compute(), setup.way().lora());
    flat =
        folder.hasWeights()
            ? Weights.load(plain, folder, manager)
            : Weights.initial(plain, 0, manager);
    boolean adapted = plain.lora().isPresent();
    trained = adapted ? FreshAdapters.of(plain, 0, manager) : flat;
    decoder = adapted ? plain.with(trained) : plain;
    mean = zeros();
    square = zeros();
    gradient = zeros();
  }

  private NDArray zeros() {
    return manager.zeros(trained.getShape(), DataType.FLOAT32);
  }

  Decoder decoder() {
    return decoder;
  }

  /**
   * One update: micro-batches forward and back, then AdamW.
   *
   * @return the loss, nats a token
   */
  double step(List<Sequence> sequences) {
    int rows = sequences.size() / setup.way().microBatches();
    List<List<Sequence>> batches = new ArrayList<>();
    for (int from = 0; from < sequences.size(); from += rows) {
      batches.add(sequences.subList(from, from + rows));
    }
    return stepBy(batches);
  }

  /** The same by {@code microBatches}. */
  double stepBy(List<List<Sequence>> microBatches) {
    double loss = 0;
    double count = 0;
    for (List<Sequence> batch : microBatches) {
      loss += accumulate(batch);
      count += batch.stream().mapToInt(each -> each.response().length).sum();
    }
    step++;
    decoder.update(
        new Decoder.AdamState(trained, mean, square),
        gradient,
        count,
        new Decoder.AdamStep(step, 1e-4, 1.0, 0.9, 0.999, 1e-8, 0.01));
    return loss / count;
  }

  private double accumulate(List<Sequence> sequences) {
    JniUtils.setGradMode(true);
    try (NDManager scope = manager.newSubManager()) {
      Tape tape = new Tape(decoder, flat, gradient, scope, setup.way().checkpointing());
      return tape.crossEntropy(TokenBatch.of(sequences, scope), 1.0).getFloat();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  @Override
  public void close() {
    manager.close();
    decoder.close();
  }
}
