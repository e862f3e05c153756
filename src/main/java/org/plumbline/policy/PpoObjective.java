package org.plumbline.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.LossAggregation;
import org.plumbline.objective.Scalar;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * For a policy whose trunk has the value head too: the clipped surrogate, the clipped value loss
 * and an entropy bonus, averaged as {@code aggregation} says.
 */
record PpoObjective(PolicyTerm policy, ValueTerm value, double vfCoef, LossAggregation aggregation)
    implements Objective<PpoExample> {

  static PpoObjective of(PpoSettings settings) {
    return new PpoObjective(
        PolicyTerm.of(settings),
        ValueTerm.of(settings),
        settings.vfCoef(),
        PolicyTerm.aggregation(settings));
  }

  @Override
  public Head head() {
    return Head.VALUE;
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<PpoExample> examples, Sums sums) {
    PpoBatch batch = PpoBatch.of(examples, aggregation, step);
    Decoder.PolicyOutputs outputs = tape.policy(batch.tokens(), policy.temperature());
    Tape.Predictions now = new Tape.Predictions(outputs.logprobs(), outputs.entropy());
    NDArray surrogate = policy.surrogate(now, batch, sums);
    NDArray values = value.of(outputs.values(), batch, sums);
    NDArray loss = surrogate.add(Scalar.times(values, vfCoef));
    return new LossSum(policy.withBonus(loss, now, batch, sums), batch.count());
  }
}
