package org.plumbline.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The least that a ring of sums can be: blocking sockets, a thread that sends, and no protection
 * against anything. What ours is measured against.
 */
final class SocketRing implements AutoCloseable {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final ByteBuffer END = ByteBuffer.allocate(0);

  private final int rank;
  private final int world;
  private final ServerSocketChannel server;
  private final BlockingQueue<ByteBuffer> outgoing = new LinkedBlockingQueue<>();
  private final ByteBuffer arrived =
      ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.nativeOrder());
  private final Thread sender = new Thread(this::send, "socket-ring-sender");
  private SocketChannel previous;
  private SocketChannel next;
  private int unsent;
  private IOException failure;

  SocketRing(int rank, int world) throws IOException {
    this.rank = rank;
    this.world = world;
    this.server =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  /** Connects to the next rank, and waits for the previous one. */
  void connect(int portOfNext) throws IOException {
    next =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), portOfNext))
            .setOption(StandardSocketOptions.TCP_NODELAY, true);
    previous = server.accept().setOption(StandardSocketOptions.TCP_NODELAY, true);
    sender.setDaemon(true);
    sender.start();
  }

  /** Replaces all of {@code floats} by the sum over the ranks. */
  void allReduce(ByteBuffer floats) throws IOException {
    int steps = 2 * (world - 1);
    for (int at = from(rank, floats); at < from(rank + 1, floats); at += CHUNK_BYTES) {
      enqueue(chunk(floats, rank, at));
    }
    for (int step = 0; step < steps; step++) {
      int segment = Math.floorMod(rank - step - 1, world);
      for (int at = from(segment, floats); at < from(segment + 1, floats); at += CHUNK_BYTES) {
        ByteBuffer chunk = chunk(floats, segment, at);
        if (step < world - 1) {
          receive(arrived.clear().limit(chunk.remaining()));
          add(arrived.flip(), chunk);
        } else {
          receive(chunk.duplicate());
        }
        if (step + 1 < steps) {
          enqueue(chunk);
        }
      }
    }
    flush();
  }

  /** Sends all of {@code bytes} to the next rank and waits until it has them. */
  void stream(ByteBuffer bytes) throws IOException {
    enqueue(bytes.duplicate().clear());
    ByteBuffer answer = ByteBuffer.allocate(1);
    if (next.read(answer) < 0) {
      throw new EOFException("Cannot stream: the next rank is gone");
    }
    flush();
  }

  /** The other end of {@link #stream}. */
  void drain(ByteBuffer bytes) throws IOException {
    receive(bytes.duplicate().clear());
    previous.write(ByteBuffer.allocate(1));
  }

  private int from(int segment, ByteBuffer floats) {
    long count = floats.capacity() / Float.BYTES;
    return Math.toIntExact(count * segment / world * Float.BYTES);
  }

  private ByteBuffer chunk(ByteBuffer floats, int segment, int at) {
    int length = Math.min(CHUNK_BYTES, from(segment + 1, floats) - at);
    return floats.slice(at, length).order(ByteOrder.nativeOrder());
  }

  private static void add(ByteBuffer from, ByteBuffer to) {
    FloatBuffer theirs = from.asFloatBuffer();
    FloatBuffer mine = to.asFloatBuffer();
    for (int i = 0; i < mine.remaining(); i++) {
      mine.put(i, mine.get(i) + theirs.get(i));
    }
  }

  private void receive(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (previous.read(into) < 0) {
        throw new EOFException("Cannot sum: the previous rank is gone");
      }
    }
  }

  private void enqueue(ByteBuffer chunk) {
    synchronized (this) {
      unsent++;
    }
    outgoing.add(chunk.duplicate());
  }

  private synchronized void flush() throws IOException {
    try {
      while (unsent > 0 && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot sum: interrupted", e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void send() {
    try {
      for (ByteBuffer chunk = outgoing.take(); chunk != END; chunk = outgoing.take()) {
        while (chunk.hasRemaining()) {
          next.write(chunk);
        }
        sent(null);
      }
    } catch (IOException e) {
      sent(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void sent(IOException error) {
    unsent--;
    failure = error;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    outgoing.add(END);
    server.close();
    if (previous != null) {
      previous.close();
    }
    if (next != null) {
      next.close();
    }
  }
}
