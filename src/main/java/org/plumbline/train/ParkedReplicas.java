package org.plumbline.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Replicas that wait in this executor's memory for the next stage of their training: one for each
 * rank that ended its stage here. Whoever takes one owns it.
 */
final class ParkedReplicas {
  private static final List<Parked> PARKED = new ArrayList<>();

  private ParkedReplicas() {}

  /**
   * Which replica is meant.
   *
   * @param session drawn by the driver for all that it trains at the same time
   * @param training one model's training within it
   * @param version the checkpoint that has the same weights and moments
   */
  record Key(String session, String training, String version) {}

  private record Parked(Key key, Replica replica) {}

  /** A replica of {@code world} ranks, that with the slice of {@code rank} if it is here. */
  static synchronized Optional<Replica> take(Key key, int rank, int world) {
    Parked found = null;
    for (Parked parked : PARKED) {
      if (parked.key.equals(key) && parked.replica.world() == world) {
        if (found == null || parked.replica.rank() == rank) {
          found = parked;
        }
      }
    }
    PARKED.remove(found);
    return Optional.ofNullable(found).map(Parked::replica);
  }

  /** Keeps {@code replica}, and nothing of other sessions or other versions of this training. */
  static synchronized void park(Key key, Replica replica) {
    Iterator<Parked> each = PARKED.iterator();
    while (each.hasNext()) {
      Parked old = each.next();
      boolean same = old.key.equals(key);
      boolean lives =
          old.key.session().equals(key.session())
              && (same || !old.key.training().equals(key.training()));
      if (!lives || same && old.replica.rank() == replica.rank()) {
        each.remove();
        old.replica.close();
      }
    }
    PARKED.add(new Parked(key, replica));
  }
}
