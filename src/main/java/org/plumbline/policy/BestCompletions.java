package org.plumbline.policy;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.model.Head;
import org.plumbline.model.Sequence;
import org.plumbline.model.Tape;
import org.plumbline.model.TokenBatch;
import org.plumbline.table.Tokens;
import org.plumbline.train.LossSum;
import org.plumbline.train.Objective;
import org.plumbline.train.Sums;

/**
 * The lesson of rejection sampling: of each prompt's completions the one that earned most, to be
 * imitated (RAFT, Dong et al. 2023, arXiv:2304.06767).
 */
final class BestCompletions implements Lesson<BestCompletion> {
  private final PpoSettings settings;
  private final Worth worth;

  BestCompletions(PpoSettings settings) {
    this.settings = settings;
    this.worth = new Worth(settings);
  }

  @Override
  public List<BestCompletion> of(List<Row> rollouts, double klCoef) {
    return Groups.of(rollouts, settings.samplesPerPrompt()).stream()
        .map(group -> worth.ranked(group, klCoef).get(0))
        .map(
            row ->
                new BestCompletion(Tokens.ids(row, "prompt_ids"), Tokens.ids(row, "response_ids")))
        .toList();
  }

  @Override
  public int count(int completions) {
    return completions / settings.samplesPerPrompt();
  }

  @Override
  public Objective<BestCompletion> objective() {
    return new Imitation(settings.generation().temperature());
  }

  /**
   * The negative log-likelihood of response tokens, averaged over all of them.
   *
   * @param temperature at which completions were drawn
   */
  private record Imitation(double temperature) implements Objective<BestCompletion> {
    @Override
    public Head head() {
      return Head.NONE;
    }

    @Override
    public LossSum loss(Tape tape, NDManager step, List<BestCompletion> examples, Sums sums) {
      List<Sequence> sequences = examples.stream().map(BestCompletion::sequence).toList();
      double tokens = sequences.stream().mapToInt(each -> each.response().length).sum();
      return new LossSum(tape.crossEntropy(TokenBatch.of(sequences, step), temperature), tokens);
    }
  }
}
