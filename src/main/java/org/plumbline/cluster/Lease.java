package org.plumbline.cluster;

import java.util.concurrent.atomic.AtomicBoolean;

/** Holds something of the {@link ExecutorCache} open. Closing it twice does no harm. */
public final class Lease<T> implements AutoCloseable {
  private final T value;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(T value, Runnable release) {
    this.value = value;
    this.release = release;
  }

  /** What was leased; not to be used once the lease is closed, nor to be closed by the holder. */
  public T value() {
    if (closed.get()) {
      throw new IllegalStateException("Cannot use " + value + ": its lease is closed");
    }
    return value;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
