package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;

/**
 * What a rank knows of the rank before or after it; guarded by the {@link RingLink} it is part of,
 * but for when it was last heard.
 */
final class Neighbour {
  static final byte HELLO = 0;
  static final byte LEAVE = 1;
  static final byte ALIVE = 2;
  static final byte USED = 3;

  final int rank;
  String name;
  TransportClient client; // null until connected
  volatile long heardNanos = System.nanoTime();
  boolean left;

  Neighbour(int rank) {
    this.rank = rank;
    this.name = "rank " + rank;
  }

  boolean isAt(TransportClient other) {
    return client != null && client.getChannel() == other.getChannel();
  }

  /** Sends a message that wants no answer, if there is a connection. */
  void say(byte kind) {
    if (client != null) {
      client.send(message(kind, ""));
    }
  }

  static ByteBuffer message(byte kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).flip();
  }

  /** Runs {@code then} once the neighbour has answered, or never will. */
  static RpcResponseCallback whenAnswered(Runnable then) {
    return new RpcResponseCallback() {
      @Override
      public void onSuccess(ByteBuffer response) {
        then.run();
      }

      @Override
      public void onFailure(Throwable error) {
        then.run();
      }
    };
  }

  void disconnect() {
    if (client != null) {
      client.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
