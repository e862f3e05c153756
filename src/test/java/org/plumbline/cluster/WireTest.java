package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class WireTest {
  @Test
  void roundsToTheNearestAndTiesToEven() {
    float next = 1 + 1 / 128f; // bfloat16 has 8 bits of a number's digits
    assertThat(rounded(1 + 1 / 256f)).isEqualTo(1);
    assertThat(rounded(Math.nextUp(1 + 1 / 256f))).isEqualTo(next);
    assertThat(rounded(next + 1 / 256f)).isEqualTo(1 + 2 / 128f);
    assertThat(rounded(-1 - 1 / 256f)).isEqualTo(-1);
  }

  @Test
  void keepsWhatIsNoNumber() {
    assertThat(rounded(Float.NaN)).isNaN();
    assertThat(rounded(Float.intBitsToFloat(0x7f800001))).isNaN();
    assertThat(rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(rounded(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(rounded(-0f))).isEqualTo(0x80000000);
  }

  private static float rounded(float value) {
    ByteBuffer floats = LocalRing.direct(value);
    Wire.BFLOAT16.round(floats);
    return LocalRing.floats(floats)[0];
  }
}
