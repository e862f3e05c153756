package org.plumbline.cluster;

import java.util.Timer;
import java.util.TimerTask;

/** Says again and again that its process lives, whatever the task's own thread does meanwhile. */
final class Heartbeat implements Gang.Busy {
  private final Timer timer = new Timer("gang heartbeat", true);

  Heartbeat(Runnable beat) {
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            beat.run();
          }
        },
        0,
        RingLink.TICK_MILLIS);
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
