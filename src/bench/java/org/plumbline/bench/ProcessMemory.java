package org.plumbline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of a process as Linux counts it.
 *
 * @param resident bytes in memory now, mapped files included
 * @param peak the most that ever were (VmHWM)
 */
record ProcessMemory(long resident, long peak) {
  static ProcessMemory own() throws IOException {
    return of(ProcessHandle.current().pid());
  }

  static ProcessMemory of(long process) throws IOException {
    String status = Files.readString(Path.of("/proc/" + process + "/status"));
    return new ProcessMemory(bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
  }

  /** A process that is ending has no memory any more. */
  private static long bytes(String status, String key) {
    return status
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
