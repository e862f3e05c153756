package org.plumbline.policy;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.LossAggregation;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * For a critic that is a model of its own: the clipped value loss, averaged as {@code aggregation}
 * says.
 */
record CriticObjective(ValueTerm value, LossAggregation aggregation)
    implements Objective<PpoExample> {

  static CriticObjective of(PpoSettings settings) {
    return new CriticObjective(ValueTerm.of(settings), PolicyTerm.aggregation(settings));
  }

  @Override
  public Head head() {
    return Head.CRITIC;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<PpoExample> examples, Sums sums) {
    PpoBatch batch = PpoBatch.of(examples, aggregation, step);
    return new LossSum(value.of(tape.values(batch.tokens()), batch, sums), batch.count());
  }
}
