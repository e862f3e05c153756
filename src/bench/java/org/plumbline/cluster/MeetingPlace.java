package org.plumbline.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.apache.spark.SparkConf;

/** Where ranks that are plain processes of this machine find one another, without Spark. */
public final class MeetingPlace implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Rendezvous rendezvous;

  /**
   * Listens.
   *
   * @param settings Spark's, which say how the connections are protected
   */
  public MeetingPlace(int world, Map<String, String> settings) {
    SparkConf conf = new SparkConf(false);
    settings.forEach(conf::set);
    this.rendezvous =
        new Rendezvous(
            GangKey.draw(conf), world, new GangOptions(DEADLINE, Wire.FLOAT32), HOST, HOST);
  }

  /** What a process needs to {@link #join}, in one word. */
  public String ticket() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(rendezvous.ticket());
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /** Waits until all ranks of this attempt have come. */
  public static Gang join(String ticket, int rank, int attempt) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(ticket);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return RingGang.join(
          (Ticket) in.readObject(), new Seat(rank, attempt, HOST, HOST), () -> false);
    } catch (ClassNotFoundException e) {
      throw new IOException("Cannot read a ticket", e);
    }
  }

  @Override
  public void close() {
    rendezvous.close();
  }
}
