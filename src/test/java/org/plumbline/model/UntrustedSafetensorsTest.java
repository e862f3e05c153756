package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that anyone may have written is refused with a reason, before it costs anything. */
class UntrustedSafetensorsTest {
  private static final String INVALID = "Invalid safetensors file model: ";

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> SafetensorsReader.open(SafetensorsTest.source(file), "model"))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  private static byte[] lengthOnly(long length) {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }

  private static String tensor(String dtype, String shape, String offsets) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets);
  }

  private static byte[] one(String dtype, String shape, String offsets, int bytes) {
    return SafetensorsTest.file("{\"a\":" + tensor(dtype, shape, offsets) + "}", new byte[bytes]);
  }

  private static byte[] two(String first, String second, int bytes) {
    String a = tensor("F32", "[1]", first);
    String b = tensor("F32", "[1]", second);
    return SafetensorsTest.file("{\"a\":" + a + ",\"b\":" + b + "}", new byte[bytes]);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, 100_000_001, Long.MAX_VALUE})
  void headerLength(long length) {
    assertRefused(lengthOnly(length), INVALID + "header length " + length);
  }

  @Test
  void headerBeyondTheFile() {
    assertRefused(lengthOnly(20), "Cannot read model: it ends 12 bytes early");
    assertRefused(lengthOnly(100_000_000), "Cannot read model: it ends 99999992 bytes early");
    assertRefused(new byte[3], "Cannot read model: it ends 5 bytes early");
    assertRefused(new byte[0], "Cannot read model: it ends 8 bytes early");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello  | Unrecognized token 'hello'",
        "{'a':  | Unexpected end-of-input",
        "{} {}  | Trailing token",
        "{'a':{},'a':{}} | Duplicate field 'a'"
      })
  void headerIsNotJson(String header, String reason) {
    byte[] file = SafetensorsTest.file(header.replace('\'', '"'), new byte[0]);
    assertThatThrownBy(() -> SafetensorsReader.open(SafetensorsTest.source(file), "model"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(INVALID + "the header is not JSON: " + reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "17", "    ", "null"})
  void headerIsNotAnObject(String header) {
    assertRefused(
        SafetensorsTest.file(header, new byte[0]), INVALID + "the header is not a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'a':1}", "{'a':{}}", "{'a':{'dtype':'F32','shape':[1]}}"})
  void headerLacksAField(String header) {
    assertRefused(
        SafetensorsTest.file(header.replace('\'', '"'), new byte[0]),
        INVALID + "a lacks shape or data_offsets");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[-1]",
        "[-1,-1]",
        "[1.5]",
        "[\"1\"]",
        "[null]",
        "[18446744073709551617]",
        "[4611686018427387904]",
        "[4294967296,4294967296]"
      })
  void shape(String shape) {
    assertRefused(one("F32", shape, "[0,4]", 4), INVALID + "a has shape " + shape);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[-4,0]", "[4,0.5]", "[0,18446744073709551620]", "[\"0\",4]"})
  void offsetsThatAreNoPlaces(String offsets) {
    assertRefused(one("F32", "[1]", offsets, 4), INVALID + "a has data_offsets " + offsets);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[0,3]", "[0,8]", "[4,0]", "[0,9223372036854775807]"})
  void offsetsThatDisagreeWithTheShape(String offsets) {
    assertRefused(
        one("F32", "[1]", offsets, 8), INVALID + "a has data_offsets " + offsets + " for 4 bytes");
  }

  @Test
  void offsetsThatOverlap() {
    assertRefused(two("[0,4]", "[2,6]", 6), INVALID + "b begins at 2 (must be 4)");
    assertRefused(two("[0,4]", "[0,4]", 4), INVALID + "b begins at 0 (must be 4)");
  }

  @Test
  void offsetsThatLeaveGaps() {
    assertRefused(two("[0,4]", "[8,12]", 12), INVALID + "b begins at 8 (must be 4)");
    assertRefused(one("F32", "[1]", "[4,8]", 8), INVALID + "a begins at 4 (must be 0)");
  }

  @Test
  void dtype() {
    assertRefused(one("F4", "[1]", "[0,4]", 4), INVALID + "a has dtype F4");
  }

  @Test
  void dataThatEndsEarly() {
    assertRefused(one("F32", "[3]", "[0,12]", 7), "Cannot read model: it ends 5 bytes early");
    assertRefused(
        one("F32", "[1048576,1048576]", "[0,4398046511104]", 4),
        "Cannot read model: it ends 4398046511100 bytes early");
  }

  @Test
  void dataThatGoesOn() {
    assertRefused(one("F32", "[1]", "[0,4]", 5), INVALID + "there are bytes after the last tensor");
  }

  /** A file may claim any length and still be short. */
  @Test
  void aClaimIsHeldAgainstTheFileBeforeMemoryIsTaken() {
    ByteSource small = new StreamedFile(new Bottomless(lengthOnly(100_000_000)), 20, "model");
    assertThatThrownBy(() -> SafetensorsReader.open(small, "model"))
        .isInstanceOf(EOFException.class)
        .hasMessage("Cannot read model: it ends 99999988 bytes early");
  }

  /** Fails if more is asked of it than a header's length. */
  private static final class Bottomless extends ByteArrayInputStream {
    Bottomless(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int readNBytes(byte[] bytes, int offset, int length) {
      assertThat(length).isEqualTo(8);
      return super.readNBytes(bytes, offset, length);
    }
  }

  @Test
  void aStreamShorterThanItsFile() {
    byte[] whole = one("F32", "[3]", "[0,12]", 12);
    InputStream cut = new ByteArrayInputStream(whole, 0, whole.length - 5);
    StreamedFile source = new StreamedFile(cut, whole.length, "model");
    assertThatThrownBy(() -> SafetensorsTest.read(source))
        .isInstanceOf(EOFException.class)
        .hasMessage("Cannot read model: it ends 5 bytes early");
    InputStream again = new ByteArrayInputStream(whole, 0, whole.length - 5);
    assertThatThrownBy(
            () ->
                SafetensorsReader.open(new StreamedFile(again, whole.length, "model"), "model")
                    .read(Map.of()))
        .isInstanceOf(EOFException.class)
        .hasMessage("Cannot read model: it ends early");
  }

  @Test
  void aRefusedFileIsClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream in =
        new ByteArrayInputStream(lengthOnly(1)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    assertThatThrownBy(() -> SafetensorsReader.open(new StreamedFile(in, 16, "model"), "model"))
        .hasMessage(INVALID + "header length 1");
    assertThat(closed).isTrue();
  }
}
