package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassageTest {
  /** Rank 0 of 3 in an all-reduce whose segments are a float each. */
  private static Passage passage(Wire wire, ByteBuffer... segments) {
    List<List<Chunk>> chunks =
        List.of(
            List.of(new Chunk(new Place(0, 0, 0, 0, 4, 4), segments[0], wire)),
            List.of(new Chunk(new Place(0, 0, 1, 0, 4, 4), segments[1], wire)),
            List.of(new Chunk(new Place(0, 0, 2, 0, 4, 4), segments[2], wire)));
    return new Passage(chunks, 0, 4, 0);
  }

  private static ByteBuffer[] floats(float... values) {
    ByteBuffer[] floats = new ByteBuffer[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = LocalRing.direct(values[i]);
    }
    return floats;
  }

  @Test
  void whatLandsIsAddedAndGoesOn() {
    ByteBuffer[] floats = floats(1, 2, 3);
    Passage passage = passage(Wire.FLOAT32, floats);
    assertThat(passage.awaited()).isEqualTo(new Place(0, 0, 2, 0, 4, 4));
    passage.land(LocalRing.direct(10));
    assertThat(passage.landed().place()).isEqualTo(new Place(0, 1, 2, 0, 4, 4));
    assertThat(LocalRing.floats(floats[2])).containsExactly(13);
  }

  @Test
  void onceClosedFloatsAreLeftAlone() {
    ByteBuffer[] floats = floats(1.001f, 2.001f, 3.001f);
    Passage passage = passage(Wire.BFLOAT16, floats);
    passage.land(Wire.inNativeOrder(ByteBuffer.allocate(2)));
    passage.landed();
    passage.close();
    passage.land(Wire.inNativeOrder(ByteBuffer.allocate(2).putShort((short) 0x4100).flip()));
    assertThat(passage.landed()).isNull();
    assertThat(LocalRing.floats(floats[1])).containsExactly(2.001f); // nor rounded
  }
}
