package org.plumbline.reward;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.train.Example;
import org.plumbline.train.TokenResponse;

/**
 * A response that was rated.
 *
 * @param rating in standard deviations from what is usually given
 * @param weight multiplies the response in the loss
 */
record Rating(TokenResponse response, double rating, double weight)
    implements Example, Serializable {
  /** The response in a row of the rating tokens table. */
  static Rating of(Row row) {
    return new Rating(
        TokenResponse.of(row),
        row.getDouble(row.fieldIndex("rating")),
        row.getDouble(row.fieldIndex("weight")));
  }

  @Override
  public int length() {
    return response.length();
  }
}
