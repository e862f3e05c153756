package org.plumbline.testing;

import java.util.function.LongConsumer;
import org.plumbline.stage.Progress;

/**
 * Does something whenever a stage of training is told to be done.
 *
 * @param deed is given the number of steps that are done
 */
public record AfterSteps(LongConsumer deed) implements Progress {
  @Override
  public Bar begin(String task, long total) {
    return new Bar() {
      @Override
      public void at(long done, String note) {
        deed.accept(done);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void say(String line) {}
}
