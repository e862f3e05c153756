package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.LossAggregation;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/** For a policy beside a critic of its own: the clipped surrogate and an entropy bonus. */
record ActorObjective(PolicyTerm policy, LossAggregation aggregation)
    implements Objective<PpoExample> {

  static ActorObjective of(PpoSettings settings) {
    return new ActorObjective(PolicyTerm.of(settings), PolicyTerm.aggregation(settings));
  }

  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<PpoExample> examples, Sums sums) {
    PpoBatch batch = PpoBatch.of(examples, aggregation, step);
    Tape.Predictions now = tape.predictions(batch.tokens(), policy.temperature());
    NDArray surrogate = policy.surrogate(now, batch, sums);
    return new LossSum(policy.withBonus(surrogate, now, batch, sums), batch.count());
  }
}
