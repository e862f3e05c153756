package org.plumbline.train;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.plumbline.cluster.Gang;
import org.plumbline.model.ModelLease;

/**
 * Replicas that wait in this executor's memory for the next stage of their training: one for each
 * rank that ended its stage here. Whoever takes one owns it. Tasks that read the same checkpoint
 * may use it meanwhile.
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

  private record Parked(Key key, Replica replica, Optional<ModelLease.Loan> loan) {
    /** The replica, if no task has it on loan any more; the last that has it closes it. */
    Optional<Replica> back() {
      return loan.isEmpty() || loan.get().end() ? Optional.of(replica) : Optional.empty();
    }
  }

  /**
   * A replica of as many ranks as {@code gang} has, on {@code device}; that with the slice of its
   * rank if it is here. Those of other sessions, whose training ended or failed, are given up, and
   * so are other versions of this one, which went back to an earlier checkpoint.
   */
  static synchronized Optional<Replica> take(Key key, Gang gang, Device device) {
    drop(
        parked ->
            !parked.key.session().equals(key.session())
                || (parked.key.training().equals(key.training()) && !parked.key.equals(key)));
    Parked found = null;
    for (Parked parked : PARKED) {
      Replica replica = parked.replica;
      if (parked.key.equals(key)
          && replica.world() == gang.world()
          && replica.decoder().device().equals(device)
          && (found == null || replica.rank() == gang.rank())) {
        found = parked;
      }
    }
    PARKED.remove(found);
    return Optional.ofNullable(found).flatMap(Parked::back);
  }

  /**
   * Keeps {@code replica}, and no other version of this training.
   *
   * @param loan to other tasks, if it is lent meanwhile
   */
  static synchronized void park(Key key, Replica replica, Optional<ModelLease.Loan> loan) {
    drop(
        parked ->
            parked.key.training().equals(key.training())
                && (!parked.key.equals(key) || parked.replica.rank() == replica.rank()));
    PARKED.add(new Parked(key, replica, loan));
  }

  private static void drop(Predicate<Parked> unwanted) {
    List<Parked> dropped = PARKED.stream().filter(unwanted).toList();
    PARKED.removeAll(dropped);
    dropped.forEach(parked -> parked.back().ifPresent(Replica::close));
  }
}
