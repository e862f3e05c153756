package org.plumbline.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of all ranks for all ranks. How long those of the others are nobody knows, so each sets
 * out with its length, and short ones arrive in the same round; only longer ones take another.
 */
final class Exchange {
  /** Bytes of a message that travel with its length. */
  static final int AT_ONCE = 1020;

  private Exchange() {}

  /** The messages of all, in order of rank. */
  static List<byte[]> among(Gang gang, byte[] message) throws IOException {
    List<ByteBuffer> beginnings = new ArrayList<>();
    for (int rank = 0; rank < gang.world(); rank++) {
      beginnings.add(bytes(Integer.BYTES + AT_ONCE));
    }
    int first = Math.min(message.length, AT_ONCE);
    beginnings.get(gang.rank()).putInt(message.length).put(message, 0, first).clear();
    gang.allGather(beginnings);
    List<byte[]> messages = new ArrayList<>();
    for (ByteBuffer beginning : beginnings) {
      byte[] each = new byte[beginning.getInt()];
      beginning.get(each, 0, Math.min(each.length, AT_ONCE));
      messages.add(each);
    }
    messages.set(gang.rank(), message.clone());
    if (messages.stream().anyMatch(each -> each.length > AT_ONCE)) {
      gatherRests(gang, messages);
    }
    return messages;
  }

  private static void gatherRests(Gang gang, List<byte[]> messages) throws IOException {
    List<ByteBuffer> rests = messages.stream().map(each -> bytes(rest(each))).toList();
    byte[] own = messages.get(gang.rank());
    rests.get(gang.rank()).put(own, own.length - rest(own), rest(own)).clear();
    gang.allGather(rests);
    for (int rank = 0; rank < rests.size(); rank++) {
      byte[] each = messages.get(rank);
      rests.get(rank).get(each, each.length - rest(each), rest(each));
    }
  }

  private static int rest(byte[] message) {
    return Math.max(0, message.length - AT_ONCE);
  }

  /** Of at least so many bytes, and whole floats, which is what a gang can gather. */
  private static ByteBuffer bytes(int least) {
    int floats = (least + Float.BYTES - 1) / Float.BYTES;
    return ByteBuffer.allocateDirect(floats * Float.BYTES).order(ByteOrder.nativeOrder());
  }
}
