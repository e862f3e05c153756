package org.plumbline.cluster;

import java.nio.ByteBuffer;
import java.util.List;

/** A gang of one, for whom every sum is what it has. */
record SoloGang(int attempt) implements Gang {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int world() {
    return 1;
  }

  @Override
  public void allReduce(ByteBuffer floats) {
    Chunk.whole(floats); // what would fail with more ranks fails with one
  }

  @Override
  public void reduceScatter(List<ByteBuffer> segments) {
    Chunk.segments(segments, 1);
  }

  @Override
  public void allGather(List<ByteBuffer> segments) {
    Chunk.segments(segments, 1);
  }

  @Override
  public void broadcast(ByteBuffer floats, int root) {
    Chunk.whole(floats);
  }

  @Override
  public List<byte[]> exchange(byte[] message) {
    return List.of(message);
  }

  @Override
  public Busy busy() {
    return () -> {};
  }

  @Override
  public void close() {}
}
