package org.plumbline.feedback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a row comes from.
 *
 * @param name the file's path below the folder that was asked for: the same wherever that lies
 * @param file the file's full URI
 * @param line counted from 1
 * @param element the row's place in a JSON array, counted from 1; 0 in a file of lines
 */
record Origin(String name, String file, long line, long element) {
  /** The row's identity: the first 16 hexadecimal characters of a SHA-256. */
  String id() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((name + "\0" + line + "\0" + element).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
