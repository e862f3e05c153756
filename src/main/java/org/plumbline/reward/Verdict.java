package org.plumbline.reward;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.train.Example;
import org.plumbline.train.TokenResponse;

/**
 * A response that was judged by itself.
 *
 * @param probability P(the response is acceptable)
 * @param weight multiplies the response in the loss
 */
record Verdict(TokenResponse response, double probability, double weight)
    implements Example, Serializable {
  /** The response in a row of the unpaired tokens table. */
  static Verdict of(Row row) {
    double right = row.getDouble(row.fieldIndex("probability"));
    boolean acceptable = row.getBoolean(row.fieldIndex("acceptable"));
    return new Verdict(
        TokenResponse.of(row),
        acceptable ? right : 1 - right,
        row.getDouble(row.fieldIndex("weight")));
  }

  @Override
  public int length() {
    return response.length();
  }
}
