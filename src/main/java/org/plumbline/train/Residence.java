package org.plumbline.train;

import java.io.Serializable;
import java.util.UUID;

/**
 * Whether replicas stay in executors' memory from one stage to the next.
 *
 * @param session of trainings that go on side by side; empty if nothing stays
 * @param last whether no other stage follows, so that memory is given back
 */
public record Residence(String session, boolean last) implements Serializable {
  /** Nothing stays: every stage loads the last checkpoint. */
  public static final Residence NONE = new Residence("", true);

  /** A session that no other driver and no later training has. */
  public static Residence begin(boolean resident) {
    return resident ? new Residence(UUID.randomUUID().toString(), false) : NONE;
  }

  /** The same in the stage after which no other follows, if {@code ends}. */
  public Residence ending(boolean ends) {
    return session.isEmpty() ? this : new Residence(session, ends);
  }

  ParkedReplicas.Key key(String training, String version) {
    return new ParkedReplicas.Key(session, training, version);
  }
}
