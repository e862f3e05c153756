package org.plumbline.bench;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.stage.Progress;

/** Looks at the time whenever a stage of training is done. */
final class StageWatch implements Progress {
  private final List<Long> nanos = new ArrayList<>();

  /** Seconds that the last stage took; one before it has to have been done. */
  double last() {
    return (nanos.get(nanos.size() - 1) - nanos.get(nanos.size() - 2)) / 1e9;
  }

  @Override
  public Bar begin(String task, long total) {
    return new Bar() {
      @Override
      public void at(long done, String note) {
        nanos.add(System.nanoTime());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void say(String line) {}
}
