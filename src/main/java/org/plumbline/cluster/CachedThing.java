package org.plumbline.cluster;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One entry of the {@link ExecutorCache}: loaded once, closed when evicted and no longer held. */
final class CachedThing {
  private static final Logger LOG = LoggerFactory.getLogger(CachedThing.class);

  private final String name;
  private final FutureTask<? extends AutoCloseable> loading;
  private int holders;
  private boolean evicted;

  CachedThing(String name, Callable<? extends AutoCloseable> loader) {
    this.name = name;
    this.loading = new FutureTask<>(loader);
  }

  /** Loads it in this thread, or waits for the thread that does. */
  AutoCloseable load() throws Exception {
    loading.run(); // returns at once if another thread runs it or has run it
    try {
      return loading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  /** Whether the loader has returned or failed. */
  boolean hasFinishedLoading() {
    return loading.isDone();
  }

  synchronized void retain() {
    holders++;
  }

  void release() {
    boolean last;
    synchronized (this) {
      holders--;
      last = evicted && holders == 0;
    }
    if (last) {
      close();
    }
  }

  void evict() {
    boolean unheld;
    synchronized (this) {
      unheld = !evicted && holders == 0;
      evicted = true;
    }
    if (unheld) {
      close();
    }
  }

  /**
   * Gives it up as {@link #evict} does, but leaves closing to the caller if nobody holds it.
   *
   * @return whether nobody does
   */
  synchronized boolean withdraw() {
    evicted = true;
    return holders == 0;
  }

  private void close() {
    try {
      loading.get().close();
    } catch (ExecutionException e) {
      // it was never loaded, and whoever asked for it was told
    } catch (Exception e) {
      LOG.warn("Cannot close {}: {}", name, e.getMessage(), e);
    }
  }
}
