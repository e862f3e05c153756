package org.plumbline.train;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointWriter;
import org.plumbline.cluster.Errand;
import org.plumbline.cluster.Errands;
import org.plumbline.stage.StageContext;

/**
 * The checkpoints of a training that executors write while it goes on. One at a time is in the
 * making; its manifest is written here, once every rank has said that its part is there.
 */
final class Writings implements AutoCloseable {
  private final Configuration configuration;
  private final Errands errands;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread committing = new Thread(work, "checkpoints");
            committing.setDaemon(true);
            return committing;
          });
  private String whole; // the last folder that is known to be
  private String making; // null if none is in the making
  private Future<?> made;

  /**
   * Begins after {@code whole}.
   *
   * @param whole a finished checkpoint, or the model that training starts from
   */
  Writings(StageContext context, String whole) {
    this.configuration = context.run().configuration();
    this.errands =
        new Errands(
            context.spark().sparkContext().getConf(),
            Duration.ofSeconds(context.settings().cluster().deadline()));
    this.whole = whole;
  }

  /** For a stage that starts from {@code from}. */
  Aside next(String from) {
    return new Aside(errands.draw(), whole, from.equals(making));
  }

  /**
   * Finishes the checkpoint of {@code plan}, which took {@code updates}, as soon as {@code errand}
   * has ended; first waits for the one before.
   *
   * @throws IOException as {@link #await}, about the one before
   */
  void add(StagePlan plan, Errand errand, List<Update> updates) throws IOException {
    await();
    making = plan.to();
    made = thread.submit(() -> commit(plan, errand, updates));
  }

  private Void commit(StagePlan plan, Errand errand, List<Update> updates) throws IOException {
    CheckpointWriter writer = Checkpoint.join(plan.to(), configuration);
    for (byte[] files : errands.await(errand)) {
      writer.include(files);
    }
    writer.commit(plan.stateAt(updates.get(updates.size() - 1).step(), updates));
    return null;
  }

  /** Says that {@code checkpoint} was written by its stage itself. */
  void passed(String checkpoint) {
    whole = checkpoint;
  }

  /**
   * Waits until no checkpoint is in the making.
   *
   * @throws Errands.LostException if an executor died that was writing its part
   * @throws IOException if a rank could not write its part
   */
  void await() throws IOException {
    if (making == null) {
      return;
    }
    String written = making;
    making = null;
    try {
      made.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(
          "Cannot finish checkpoint %s: %s".formatted(written, e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot finish checkpoint " + written + ": interrupted", e);
    }
    whole = written;
  }

  /**
   * Lets the one in the making be finished, if it can be: a run that failed goes on from there.
   *
   * @throws IOException as {@link #await}
   */
  @Override
  public void close() throws IOException {
    try {
      await();
    } finally {
      thread.shutdown();
      errands.close();
    }
  }
}
