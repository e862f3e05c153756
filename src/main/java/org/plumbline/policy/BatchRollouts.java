package org.plumbline.policy;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.rollout.RewardTerms;
import org.plumbline.rollout.RolloutRequest;
import org.plumbline.rollout.Rollouts;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.Split;

/** Completes a batch of prompts an iteration; every completion is in the rollouts table. */
final class BatchRollouts implements AutoCloseable {
  private final StageContext context;
  private final PpoSettings settings;
  private final String start;
  private final String reward;
  private final RewardTerms terms;
  private final String table;
  private final PromptCycle prompts;
  private long batches;

  /**
   * What an iteration learns from.
   *
   * @param completions of one prompt next to each other
   * @param dealt batches of prompts that were dealt until then, since the first iteration
   */
  record Batch(List<Row> completions, long dealt) {}

  /**
   * Empties the table, or, to go on, drops what later iterations left in it.
   *
   * @param start folder of the policy it starts from, which is also the reference
   * @param reward folder of the reward model
   * @param iterations that are done
   * @param batches that they took
   */
  BatchRollouts(StageContext context, String start, String reward, long iterations, long batches) {
    this.context = context;
    this.settings = context.settings().ppo();
    this.start = start;
    this.reward = reward;
    this.terms = new RewardTerms(context, reward);
    this.table = context.run().at(PolicyStage.NAME + "/rollouts");
    this.prompts =
        new PromptCycle(
            context,
            terms.prompts(
                Split.rows(
                    PromptTokensTable.TABLE.read(
                        context.spark(), context.run().at("tokens/prompts")),
                    Split.TRAIN)),
            batches);
    this.batches = batches;
    if (iterations > 0) {
      keepBefore(iterations);
    } else {
      RolloutsTable.TABLE.write(RolloutsTable.TABLE.empty(context.spark()), table);
    }
  }

  /** Drops what {@code iteration} and later ones left in the table. */
  void keepBefore(long iteration) {
    RolloutsTable.TABLE.keep(context.spark(), table, col("iteration").lt(iteration));
  }

  /**
   * The completions that {@code iteration} learns from, those of one prompt next to each other. As
   * often as {@code ppo.dynamic-sampling} allows, prompts whose completions are all worth the same,
   * which nothing can be learned from, are replaced by others (DAPO, Yu et al. 2025,
   * arXiv:2503.14476, sec. 3.2).
   *
   * @param version that draws and judges them
   * @param worth of a completion
   */
  Batch next(int iteration, Learners.Version version, ToDoubleFunction<Row> worth) {
    int samples = settings.samplesPerPrompt();
    List<List<Row>> batch = Groups.of(rollOut(iteration, version, 1), samples);
    for (int more = 1; more <= settings.dynamicSampling(); more++) {
      if (batch.stream().noneMatch(group -> equal(group, worth))) {
        break;
      }
      Iterator<List<Row>> others =
          // A prompt that is dealt again, where there are few, is to be answered anew.
          Groups.of(rollOut(iteration, version, 1 + more * samples), samples).stream()
              .filter(group -> !equal(group, worth))
              .iterator();
      batch.replaceAll(group -> equal(group, worth) && others.hasNext() ? others.next() : group);
    }
    return new Batch(batch.stream().flatMap(List::stream).toList(), batches);
  }

  /** Whether all completions of a prompt are worth the same. */
  static boolean equal(List<Row> group, ToDoubleFunction<Row> worth) {
    return group.stream().mapToDouble(worth).distinct().count() == 1;
  }

  private List<Row> rollOut(int iteration, Learners.Version version, int firstSample) {
    context.spark().sparkContext().setJobDescription(PolicyStage.NAME + ": rollout " + iteration);
    RolloutRequest request =
        new RolloutRequest(
            iteration,
            firstSample,
            settings.samplesPerPrompt(),
            PolicyStage.NAME,
            version.policy(),
            start,
            reward,
            version.critic(),
            settings.generation(),
            context.settings().seed());
    batches++;
    // All come here anyway: stages that sort and write them would only take their time.
    List<Row> all =
        new ArrayList<>(Rollouts.of(context, prompts.next(), request, terms).collectAsList());
    all.sort(
        Comparator.<Row, String>comparing(row -> row.getAs("prompt_id"))
            .thenComparing(row -> row.<Integer>getAs("sample")));
    RolloutsTable.TABLE.append(context.spark(), all, table);
    return all;
  }

  @Override
  public void close() {
    prompts.close();
  }
}
