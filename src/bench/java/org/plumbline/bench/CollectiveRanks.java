package org.plumbline.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.plumbline.cluster.MeetingPlace;

/** The processes of {@link CollectiveRank}, which do the same at the same time. */
final class CollectiveRanks implements AutoCloseable {
  private static final Map<String, String> ENCRYPTED =
      Map.of("spark.authenticate", "true", "spark.network.crypto.enabled", "true");
  private static final int SECONDS_TO_END = 10;

  private final MeetingPlace plain;
  private final MeetingPlace encrypted;
  private final List<Process> processes = new ArrayList<>();
  private final List<BufferedReader> answers = new ArrayList<>();
  private final List<BufferedWriter> orders = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param bytes of the largest buffer that they will sum
   */
  CollectiveRanks(int world, int bytes) throws IOException {
    plain = new MeetingPlace(world, Map.of());
    encrypted = new MeetingPlace(world, ENCRYPTED);
    try {
      for (int rank = 0; rank < world; rank++) {
        start(rank, world, bytes);
      }
      List<String> ports = new ArrayList<>();
      for (int rank = 0; rank < world; rank++) {
        ports.add(answer(rank));
      }
      for (int rank = 0; rank < world; rank++) {
        order(rank, ports.get((rank + 1) % world));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void start(int rank, int world, int bytes) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=" + (2L * bytes + (256 << 20)),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CollectiveRank.class.getName(),
                String.valueOf(rank),
                String.valueOf(world),
                plain.ticket(),
                encrypted.ticket(),
                String.valueOf(bytes))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    answers.add(process.inputReader(StandardCharsets.UTF_8));
    orders.add(process.outputWriter(StandardCharsets.UTF_8));
  }

  /** Seconds that {@code what} took, of the rank that was last to be done. */
  double measure(Collective what, int bytes, int times) throws IOException {
    for (int rank = 0; rank < orders.size(); rank++) {
      order(rank, what + " " + bytes + " " + times);
    }
    double longest = 0;
    for (int rank = 0; rank < answers.size(); rank++) {
      longest = Math.max(longest, Double.parseDouble(answer(rank)));
    }
    return longest;
  }

  private void order(int rank, String line) throws IOException {
    orders.get(rank).write(line + "\n");
    orders.get(rank).flush();
  }

  private String answer(int rank) throws IOException {
    String line = answers.get(rank).readLine();
    if (line == null) {
      throw new IOException("Cannot measure: the process of rank " + rank + " ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    for (BufferedWriter order : orders) {
      order.close();
    }
    try {
      for (Process process : processes) {
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    plain.close();
    encrypted.close();
  }
}
