package org.plumbline.direct;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.plumbline.config.DpoSettings;
import org.plumbline.model.Head;
import org.plumbline.model.Tape;
import org.plumbline.objective.PairLogProbs;
import org.plumbline.objective.PreferenceLoss;
import org.plumbline.objective.ResponseLogProbs;
import org.plumbline.objective.Scalar;
import org.plumbline.objective.WpoWeight;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.PairBatch;
import org.plumbline.train.PerExample;
import org.plumbline.train.Sums;

/**
 * A direct method on pairs whose reference log-probabilities are known.
 *
 * @param loss the equation
 * @param sftCoef weight of the chosen response's negative log-likelihood a token
 * @param responses how tokens make a response, for the policy as for the reference
 * @param weighted whether pairs weigh by how likely the policy would say them itself
 * @param temperature that logits are divided by, for the policy as for the reference
 */
public record PreferenceObjective(
    PreferenceLoss loss, double sftCoef, PairSums responses, boolean weighted, double temperature)
    implements Objective<ReferencedPair> {
  private static final int[] TOKENS = {1};

  /** The method that {@code settings} name, which is one of pairs. */
  public static PreferenceObjective of(DpoSettings settings, double temperature) {
    return new PreferenceObjective(
        DirectMethod.of(settings),
        settings.sftCoef(),
        new PairSums(settings.lengthDesensitized()),
        settings.weighted(),
        temperature);
  }

  @Override
  public Head head() {
    return Head.NONE;
  }

  @Override
  public boolean comparesExamples() {
    return loss.comparesPairs();
  }

  @Override
  public LossSum loss(Tape tape, NDManager step, List<ReferencedPair> examples, Sums sums) {
    PairBatch batch = PairBatch.of(examples.stream().map(ReferencedPair::pair).toList(), step);
    Tape.SampledPredictions words =
        weighted
            ? tape.sampledPredictions(batch.tokens(), temperature)
            : new Tape.SampledPredictions(tape.logprobs(batch.tokens(), temperature), null);
    PairLogProbs pairs = pairs(responses.of(words.logprobs(), batch), batch, step, examples);
    record(pairs, examples.size(), sums);
    NDArray perPair = loss.perPair(pairs, batch.probability());
    if (weighted) {
      perPair = perPair.mul(weight(words, batch, sums));
    }
    if (sftCoef > 0) {
      NDArray chosen = batch.chosen(words.logprobs()).sum(TOKENS).div(pairs.chosen().tokens());
      perPair = perPair.sub(Scalar.times(chosen, sftCoef));
    }
    return new LossSum(perPair.mul(batch.weight()).sum(), batch.weight().sum().getFloat());
  }

  private static PairLogProbs pairs(
      NDArray policy, PairBatch batch, NDManager step, List<ReferencedPair> examples) {
    return new PairLogProbs(
        new ResponseLogProbs(
            batch.chosen(policy),
            PerExample.of(step, examples, ReferencedPair::refChosen),
            PerExample.of(step, examples, each -> each.pair().chosen().length)),
        new ResponseLogProbs(
            batch.rejected(policy),
            PerExample.of(step, examples, ReferencedPair::refRejected),
            PerExample.of(step, examples, each -> each.pair().rejected().length)));
  }

  /**
   * That of each pair: of both responses together, and at most 1, so that none outweighs others.
   */
  private static NDArray weight(Tape.SampledPredictions words, PairBatch batch, Sums sums) {
    NDArray each =
        new WpoWeight()
            .perResponse(words.logprobs(), words.logSquares(), batch.tokens().responseMask());
    NDArray weight = Scalar.atMost(batch.chosen(each).mul(batch.rejected(each)), 1);
    sums.add("wpo_weight", weight.sum().getFloat(), weight.size());
    return weight;
  }

  private void record(PairLogProbs pairs, int count, Sums sums) {
    NDArray chosen = loss.reward(pairs.chosen());
    NDArray rejected = loss.reward(pairs.rejected());
    sums.add("margin", chosen.sub(rejected).sum().getFloat(), count);
    sums.add("accuracy", chosen.gt(rejected).countNonzero().getLong(), count);
    sums.add("chosen_reward", chosen.sum().getFloat(), count);
    sums.add("rejected_reward", rejected.sum().getFloat(), count);
    sums.add("chosen_logprob", pairs.chosen().policy().sum().getFloat(), count);
    sums.add("rejected_logprob", pairs.rejected().policy().sum().getFloat(), count);
  }
}
