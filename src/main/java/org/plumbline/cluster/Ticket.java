package org.plumbline.cluster;

import java.io.Serializable;

/**
 * What a task is given to find its gang.
 *
 * @param host where the {@link Rendezvous} is
 */
record Ticket(GangKey key, int world, String host, int port, GangOptions options)
    implements Serializable {
  Ticket {
    if (world < 2) {
      throw new IllegalArgumentException(
          "Invalid ranks of a ring: " + world + " (must be at least 2)");
    }
  }
}
