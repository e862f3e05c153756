package org.plumbline.table;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The identity of a prompt: the same messages have the same id, in every table and every run. */
public final class PromptId {
  private PromptId() {}

  /** The first 16 hexadecimal characters of SHA-256 over all roles and contents. */
  public static String of(List<Row> messages) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Row message : messages) {
        digest.update(
            (message.getString(0) + "\0" + message.getString(1) + "\0")
                .getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** A message as it lies in a table. */
  public static Row message(String role, String content) {
    return RowFactory.create(role, content);
  }
}
