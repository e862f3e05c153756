package org.plumbline.train;

import java.io.Serializable;
import java.util.UUID;

/**
 * Whether replicas stay in executors' memory from one stage to the next.
 *
 * @param session of trainings that go on side by side; empty if nothing stays
 * @param last whether no other stage follows, so that memory is given back
 * @param lent whether tasks between stages use what stays, instead of its checkpoint
 */
public record Residence(String session, boolean last, boolean lent) implements Serializable {
  /** Nothing stays: every stage loads the last checkpoint. */
  public static final Residence NONE = new Residence("", true, false);

  /** A session that no other driver and no later training has. */
  public static Residence begin(boolean resident) {
    return resident ? new Residence(UUID.randomUUID().toString(), false, false) : NONE;
  }

  /** The same for a model that tasks use between its stages, and never during one. */
  public Residence lending() {
    return session.isEmpty() ? this : new Residence(session, last, true);
  }

  /** The same in the stage after which no other follows, if {@code ends}. */
  public Residence ending(boolean ends) {
    return session.isEmpty() ? this : new Residence(session, ends, lent);
  }

  ParkedReplicas.Key key(String training, String version) {
    return new ParkedReplicas.Key(session, training, version);
  }
}
