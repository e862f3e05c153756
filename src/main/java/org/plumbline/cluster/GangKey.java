package org.plumbline.cluster;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/**
 * Who may join a gang: whoever knows its token, which is drawn for each gang and travels with the
 * tasks, over Spark's own connections.
 *
 * @param application Spark's id of the application that the gang is of
 * @param spark those of Spark's settings that say how connections are protected, and at which ports
 *     they may be
 */
record GangKey(String application, String gang, String token, Map<String, String> spark)
    implements Serializable {

  static GangKey draw(SparkConf conf) {
    byte[] random = new byte[40];
    new SecureRandom().nextBytes(random);
    HexFormat hex = HexFormat.of();
    Map<String, String> spark = new TreeMap<>();
    for (var setting : conf.getAll()) {
      if (setting._1().startsWith("spark.network.")
          || setting._1().equals(GangNetwork.PORT)
          || setting._1().equals("spark.port.maxRetries")
          || setting._1().equals("spark.authenticate")
          || setting._1().equals("spark.authenticate.enableSaslEncryption")) {
        spark.put(setting._1(), setting._2());
      }
    }
    return new GangKey(
        conf.get("spark.app.id", "none"),
        "gang-" + hex.formatHex(random, 0, 8),
        hex.formatHex(random, 8, 40),
        Map.copyOf(spark));
  }

  /** Whether Spark's own connections are authenticated, so that ours have to be. */
  boolean authenticates() {
    return Boolean.parseBoolean(spark.get("spark.authenticate"))
        || Boolean.parseBoolean(spark.get("spark.network.crypto.enabled"));
  }

  boolean admits(String otherGang, String otherToken) {
    // Takes as long for a token that is nearly right as for any other.
    return gang.equals(otherGang)
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), otherToken.getBytes(StandardCharsets.UTF_8));
  }

  /** Without the token, so that no log holds it. */
  @Override
  public String toString() {
    return gang;
  }
}
