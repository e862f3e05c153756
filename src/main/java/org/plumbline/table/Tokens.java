package org.plumbline.table;

import java.util.List;
import org.apache.spark.sql.Row;

/** Token ids between rows and arrays. */
public final class Tokens {
  private Tokens() {}

  /** The ids in {@code column}. */
  public static int[] ids(Row row, String column) {
    List<Integer> ids = row.getList(row.fieldIndex(column));
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Numbers in {@code column}, such as one log-probability a token. */
  public static float[] floats(Row row, String column) {
    List<Float> values = row.getList(row.fieldIndex(column));
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
