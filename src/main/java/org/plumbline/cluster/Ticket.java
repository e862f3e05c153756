package org.plumbline.cluster;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a task is given to find its gang.
 *
 * @param host where the {@link Rendezvous} is
 * @param deadline how long a rank waits for a sign of another
 */
record Ticket(GangKey key, int world, String host, int port, Duration deadline)
    implements Serializable {
  Ticket {
    if (world < 2) {
      throw new IllegalArgumentException(
          "Invalid ranks of a ring: " + world + " (must be at least 2)");
    }
  }
}
