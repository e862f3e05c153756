package org.plumbline.direct;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.plumbline.train.Example;
import org.plumbline.train.TokenPair;

/**
 * A pair with what the reference policy makes of it.
 *
 * @param refChosen summed log-probability of the chosen response, in nats
 * @param refRejected the same of the rejected response
 */
public record ReferencedPair(TokenPair pair, double refChosen, double refRejected)
    implements Example, Serializable {
  /** The pair in a row of the pair tokens table that its reference has been asked about. */
  public static ReferencedPair of(Row row) {
    return new ReferencedPair(
        TokenPair.of(row),
        row.getDouble(row.fieldIndex("chosen_logprob")),
        row.getDouble(row.fieldIndex("rejected_logprob")));
  }

  @Override
  public int length() {
    return pair.length();
  }
}
