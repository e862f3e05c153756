package org.plumbline.policy;

import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Row;
import org.plumbline.stage.StageContext;

/**
 * Draws an iteration's completions when they are wanted, or before that, as a Spark job beside the
 * updates of the iteration before.
 */
final class Ahead implements AutoCloseable {
  private final String group = "rollouts ahead " + UUID.randomUUID();
  private final SparkContext spark;
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
  Ahead(StageContext context, BatchRollouts batches, ToDoubleFunction<Row> worth) {
    this.spark = context.spark().sparkContext();
    this.batches = batches;
    this.worth = worth;
  }

  /** Begins with those of {@code iteration}; they are the next to be taken. */
  void begin(int iteration, Learners.Version version) {
    next =
        thread.submit(
            () -> {
              spark.setJobGroup(group, group, false);
              return batches.next(iteration, version, worth);
            });
  }

  /** Those of {@code iteration}, by {@code version}, which it was to be begun with if it was. */
  BatchRollouts.Batch take(int iteration, Learners.Version version) {
    if (next == null) {
      return batches.next(iteration, version, worth);
    }
    Future<BatchRollouts.Batch> drawn = next;
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

  /** Gives up what is drawn ahead, and says whether anything was. */
  boolean stop() {
    if (next == null) {
      return false;
    }
    while (!isOver(next)) {
      spark.cancelJobGroup(group); // again: it may have been between two jobs
    }
    next = null;
    return true;
  }

  /** Whether it has come to an end, well or not, within a moment. */
  private static boolean isOver(Future<?> drawn) {
    try {
      drawn.get(200, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true; // nobody wants it any more
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    stop();
    thread.shutdown();
  }
}
