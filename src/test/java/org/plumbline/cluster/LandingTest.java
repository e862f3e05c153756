package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LandingTest {
  private static final int COUNT = 5000;

  @ParameterizedTest
  @EnumSource(Wire.class)
  void takesPiecesThatEndWithinAValue(Wire wire) {
    float[] values = new float[COUNT];
    float[] twice = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = i % 200;
      twice[i] = 2 * values[i];
    }
    for (int length : new int[] {1, 3, 7, 1021, 9001, COUNT * Float.BYTES}) {
      Place place = new Place(0, 0, 0, 0, COUNT * Float.BYTES, COUNT * Float.BYTES);
      Chunk chunk = new Chunk(place, LocalRing.direct(values), wire);
      ByteBuffer message = Wire.inNativeOrder(ByteBuffer.allocate(COUNT * wire.bytes()));
      chunk.write(message);
      Landing landing = new Landing();
      landing.begin(chunk, true);
      for (int at = 0; at < message.capacity(); at += length) {
        landing.take(message.slice(at, Math.min(length, message.capacity() - at)));
      }
      assertThat(LocalRing.floats(chunk.floats())).isEqualTo(twice);
    }
  }
}
