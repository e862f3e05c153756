package org.plumbline.feedback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a judgment comes from.
 *
 * @param name the file's path below the folder that was asked for: the same wherever that lies
 * @param file the file's full URI
 * @param line counted from 1
 * @param element the row's place in a JSON array, counted from 1; 0 elsewhere
 * @param entry its place among what the row says, counted from 0
 * @param text the row itself: the next batch may come in a file of the same name
 */
record Origin(String name, String file, long line, long element, int entry, String text) {
  /** The judgment's identity: the first 16 hexadecimal characters of a SHA-256. */
  String id() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String place = name + "\0" + line + "\0" + element + "\0" + entry + "\0";
      digest.update(place.getBytes(StandardCharsets.UTF_8));
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
