package org.plumbline.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** JVMs that this one starts, itself or by others. */
final class Jvms {
  /** Starting takes such JVMs most of their time; it takes less with one compiler and collector. */
  static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private Jvms() {}

  /** Those that run the class {@code main}; not the shells around them. */
  static List<ProcessHandle> running(String main) {
    return ProcessHandle.current().descendants().filter(process -> runs(process, main)).toList();
  }

  /** Java does not tell a command line as long as theirs. */
  private static boolean runs(ProcessHandle process, String main) {
    try {
      Path file = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
      List<String> words = List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
      return words.get(0).endsWith("java") && words.contains(main);
    } catch (IOException e) {
      return false; // it is gone
    }
  }
}
