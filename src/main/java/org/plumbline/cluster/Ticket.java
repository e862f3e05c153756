package org.plumbline.cluster;

import java.io.Serializable;
import org.plumbline.cluster.GangMessages.Pass;

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

  /** What a rank shows to those it wants to join. */
  Pass pass(int attempt) {
    return new Pass(key.application(), key.gang(), key.token(), world, attempt);
  }

  /** Why one who shows this is not of this gang, or null. The attempt is for others to judge. */
  String refusal(Pass shown) {
    if (!key.admits(shown.gang(), shown.token())) {
      return "wrong gang or token"; // no more than that, to one who may be anybody
    } else if (!key.application().equals(shown.application())) {
      return "application %s (must be %s)".formatted(shown.application(), key.application());
    } else if (shown.world() != world) {
      return "%d ranks (must be %d)".formatted(shown.world(), world);
    }
    return null;
  }
}
