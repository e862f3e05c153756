package org.plumbline.train;

import ai.djl.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.plumbline.cluster.Gang;
import org.plumbline.model.Head;
import org.plumbline.model.Lora;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelLease;

/**
 * Where a rank has its replica from: memory, if every rank finds one there that the stage before
 * left; else all load what the stage starts from. So a lost executor costs one reload.
 */
record ReplicaSource(StagePlan plan, Head head, ModelFolder from, Device device) {

  /** Says whether something is so. */
  interface Look {
    boolean holds() throws IOException;
  }

  /**
   * The replica of {@code gang}'s rank, which owns it; on all ranks none if it would have to be
   * loaded and cannot be yet.
   *
   * @param loadable whether it can be; asked on rank 0, since it may become so at any moment
   */
  Optional<Replica> open(Gang gang, Look loadable) throws IOException {
    Optional<Replica> parked =
        ParkedReplicas.take(plan.residence().key(plan.name(), plan.from()), gang, device);
    try {
      return open(gang, parked, loadable);
    } catch (IOException | RuntimeException e) {
      parked.ifPresent(Replica::close); // its memory is not Java's, and nobody else knows of it
      throw e;
    }
  }

  private Optional<Replica> open(Gang gang, Optional<Replica> parked, Look loadable)
      throws IOException {
    List<Integer> held = held(gang, parked);
    List<Integer> sorted = held.stream().sorted().toList();
    if (!sorted.equals(IntStream.range(0, gang.world()).boxed().toList())) {
      parked.ifPresent(Replica::close); // before others are loaded
      return agreed(gang, loadable) ? Optional.of(load(gang)) : Optional.empty();
    }
    Replica replica = parked.orElseThrow();
    replica.reseat(gang, sorted.stream().map(held::indexOf).toList());
    replica.wake();
    return parked;
  }

  /** What rank 0 sees. */
  private static boolean agreed(Gang gang, Look look) throws IOException {
    boolean seen = gang.rank() == 0 && look.holds();
    return gang.exchange(new byte[] {(byte) (seen ? 1 : 0)}).get(0)[0] == 1;
  }

  /** Whose slice each rank found; -1 for none. */
  private static List<Integer> held(Gang gang, Optional<Replica> parked) throws IOException {
    int mine = parked.map(Replica::rank).orElse(-1);
    List<Integer> held = new ArrayList<>();
    for (byte[] each : gang.exchange(ByteBuffer.allocate(4).putInt(mine).array())) {
      held.add(ByteBuffer.wrap(each).getInt());
    }
    return held;
  }

  private Replica load(Gang gang) throws IOException {
    Optional<Lora> lora = plan.training().adapters();
    try (Gang.Busy loading = gang.busy()) {
      return plan.fresh()
          ? Replica.begin(gang, from, head, plan.model(), lora, plan.seed(), device)
          : Replica.resume(gang, from, head, plan.model(), lora, device);
    }
  }

  /**
   * Keeps {@code replica}, which is now what the stage leaves, for the next; or closes it, where
   * none is to follow.
   *
   * @param over whether training has come to its end before its time
   */
  void leave(Replica replica, boolean over) throws IOException {
    if (over || plan.residence().last()) {
      replica.close();
      return;
    }
    replica.rest();
    Optional<ModelLease.Loan> loan = Optional.empty();
    if (plan.residence().lent()) {
      ModelFolder written = from.at(plan.to());
      loan = ModelLease.lend(written, replica.decoder(), replica.flat(), replica::close);
    }
    ParkedReplicas.park(plan.residence().key(plan.name(), plan.to()), replica, loan);
  }
}
