package org.plumbline.testing;

import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;

/** Ends training at a step, as somebody does who stops the driver. */
public final class Interruption extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Interruption(long step) {
    super("interrupted at step " + step);
  }

  /** {@code context} whose bars fail once {@code step} is done. */
  public static StageContext at(long step, StageContext context) {
    return new StageContext(
        context.spark(),
        context.run(),
        context.settings(),
        new AfterSteps(
            done -> {
              if (done >= step) {
                throw new Interruption(step);
              }
            }));
  }

  /** The same stage, started again to go on. */
  public static StageContext resumed(StageContext context) {
    return new StageContext(
        context.spark(), context.run(), context.settings(), Progress.silent(), true);
  }
}
