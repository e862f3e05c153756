package org.plumbline.prefer;

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
record ReferencedPair(TokenPair pair, double refChosen, double refRejected)
    implements Example, Serializable {
  static ReferencedPair of(Row row) {
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
