package org.plumbline.policy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;

/**
 * Draws an iteration's completions when they are wanted, or before that, as a Spark job beside the
 * updates of the iteration before.
 */
final class Ahead implements AutoCloseable {
  private final BatchRollouts batches;
  private final ToDoubleFunction<Row> worth;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread drawing = new Thread(work, "rollouts ahead");
            drawing.setDaemon(true);
            return drawing;
          });
  private Future<BatchRollouts.Batch> next; // null if nothing is drawn ahead

  /**
   * Draws what {@code batches} deals.
   *
   * @param worth of a completion
   */
  Ahead(BatchRollouts batches, ToDoubleFunction<Row> worth) {
    this.batches = batches;
    this.worth = worth;
  }

  /** Begins with those of {@code iteration}; they are the next to be taken. */
  void begin(int iteration, Learners.Version version) {
    next = thread.submit(() -> batches.next(iteration, version, worth));
  }

  /** Those of {@code iteration}, by {@code version}. */
  BatchRollouts.Batch take(int iteration, Learners.Version version) {
    Future<BatchRollouts.Batch> drawn =
        next == null
            ? CompletableFuture.completedFuture(batches.next(iteration, version, worth))
            : next;
    next = null;
    try {
      return drawn.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("Cannot draw completions: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot draw completions: interrupted", e);
    }
  }

  /** What is drawn is drawn to its end, or its tasks would outlive the training. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
