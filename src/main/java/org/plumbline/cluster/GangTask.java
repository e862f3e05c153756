package org.plumbline.cluster;

import java.io.Serializable;
import java.util.Iterator;

/** What each task of a gang does with its rows. */
@FunctionalInterface
public interface GangTask<I, O> extends Serializable {
  /**
   * Runs as {@code gang.rank()}. May be called again with the same rows and a higher {@code
   * gang.attempt()} after an executor was lost; it then begins anew or from its last checkpoint.
   *
   * @param rows this rank's rows, maybe none
   * @return few and small results: they are gathered on the driver
   */
  Iterator<O> call(Gang gang, Iterator<I> rows) throws Exception;
}
