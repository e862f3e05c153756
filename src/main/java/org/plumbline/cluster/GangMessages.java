package org.plumbline.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is said while a gang comes together, as JSON. */
final class GangMessages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GangMessages() {}

  /** A rank and where it listens. */
  record Member(int rank, String host, int port) {
    @Override
    public String toString() {
      return "rank " + rank + " (" + host + ":" + port + ")";
    }
  }

  /** Which gang a rank is of, as it knows it; what it says first of all. */
  record Pass(String application, String gang, String token, int world, int attempt) {
    /** Without the token, so that no log holds it. */
    @Override
    public String toString() {
      return gang + " of " + world + " ranks, attempt " + attempt;
    }
  }

  /** A rank to the driver: here I am. */
  record Registration(Pass pass, Member member) {}

  /** A rank to the next one: let me send to you. */
  record Hello(Pass pass, int from, int to) {}

  /** The answer to both: the reason of a refusal, or all members (of a hello, none). */
  record Answer(String refusal, List<Member> members) {
    static Answer yes(List<Member> members) {
      return new Answer(null, members);
    }

    static Answer no(String refusal) {
      return new Answer(refusal, List.of());
    }
  }

  /**
   * A task to the driver, of its part of an errand: that it begins, and later what it gave, or why
   * it failed.
   */
  record ErrandReport(
      String gang,
      String token,
      String errand,
      int part,
      int attempt,
      boolean over,
      byte[] result,
      String failure) {
    static ErrandReport begun(GangKey key, String errand, int part, int attempt) {
      return new ErrandReport(key.gang(), key.token(), errand, part, attempt, false, null, null);
    }

    ErrandReport gave(byte[] given) {
      return new ErrandReport(gang, token, errand, part, attempt, true, given, null);
    }

    ErrandReport failed(String why) {
      return new ErrandReport(gang, token, errand, part, attempt, true, null, why);
    }
  }

  static byte[] encode(Object message) {
    try {
      return JSON.writeValueAsBytes(message);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + message.getClass().getSimpleName(), e);
    }
  }

  static <T> T decode(ByteBuffer message, Class<T> type) {
    String json = StandardCharsets.UTF_8.decode(message).toString();
    try {
      return JSON.readValue(json, type);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + type.getSimpleName() + " from a peer", e);
    }
  }
}
