package org.plumbline.cluster;

import java.nio.ByteBuffer;
import org.apache.spark.network.client.StreamCallbackWithID;

/** A chunk that comes from the previous rank, piece by piece, in the connection's own thread. */
final class Arrival implements StreamCallbackWithID {
  private final RingLink link;
  private final Place place;
  private final Passage passage; // null if it came before its operation began here
  private final ByteBuffer early;

  Arrival(RingLink link, Place place, Passage passage) {
    this.link = link;
    this.place = place;
    this.passage = passage;
    this.early = passage == null ? ByteBuffer.allocate(place.length()) : null;
  }

  Place place() {
    return place;
  }

  /** What came of it before its operation began. */
  ByteBuffer early() {
    return early.flip();
  }

  @Override
  public String getID() {
    return place.toString();
  }

  @Override
  public void onData(String id, ByteBuffer piece) {
    link.heardPrevious();
    if (passage == null) {
      early.put(piece);
    } else {
      passage.land(piece);
    }
  }

  @Override
  public void onComplete(String id) {
    if (passage == null) {
      link.cameEarly(this);
    } else {
      link.landed(passage);
    }
  }

  @Override
  public void onFailure(String id, Throwable cause) {
    // the connection ends, and the link is told of that
  }
}
