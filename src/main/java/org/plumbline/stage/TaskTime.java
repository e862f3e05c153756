package org.plumbline.stage;

import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.util.LongAccumulator;

/** The time that tasks spend on one kind of work, added up over all of them. */
public final class TaskTime implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator nanos;
  private transient long taken;

  /** Adds to {@code nanos}, which Spark must know if this is to go to tasks. */
  public TaskTime(LongAccumulator nanos) {
    this.nanos = nanos;
  }

  /** What is timed. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Does {@code work}, and takes its time. */
  public <T> T of(Work<T> work) throws IOException {
    long begun = System.nanoTime();
    try {
      return work.run();
    } finally {
      nanos.add(System.nanoTime() - begun);
    }
  }

  /** Seconds since this was asked last, for the driver to ask. */
  public double take() {
    long since = taken;
    taken = nanos.sum(); // to empty it could lose what a task adds meanwhile
    return (taken - since) / 1e9;
  }
}
