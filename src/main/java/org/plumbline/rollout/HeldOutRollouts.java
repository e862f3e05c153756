package org.plumbline.rollout;

import static org.apache.spark.sql.functions.col;

import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.EvaluateSettings;
import org.plumbline.config.GenerationSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.Split;

/**
 * Lets every policy complete the same held-out prompts: once greedily, to look at (sample 0), and
 * once drawn, to measure (sample 1).
 */
public final class HeldOutRollouts {
  private final StageContext context;
  private final EvaluateSettings settings;

  /** The rollouts within a run. */
  public HeldOutRollouts(StageContext context) {
    this.context = context;
    this.settings = context.settings().evaluate();
  }

  /**
   * Writes {@code evaluate/rollouts/NAME} for each policy.
   *
   * @param policies folders by name
   * @param reference folder of the policy that KL is measured to
   * @param reward folder of the reward model; empty for none
   */
  public void execute(Map<String, String> policies, String reference, String reward) {
    RewardTerms terms = new RewardTerms(context, reward);
    JavaPairRDD<Long, Row> prompts = prompts(terms).cache();
    int done = 0;
    try (Progress.Bar bar =
        context.progress().begin("complete held-out prompts", policies.size())) {
      for (Map.Entry<String, String> policy : policies.entrySet()) {
        context.spark().sparkContext().setJobDescription("evaluate: complete, " + policy.getKey());
        Dataset<Row> greedy = complete(prompts, policy, reference, reward, terms, 0, 1);
        Dataset<Row> drawn = complete(prompts, policy, reference, reward, terms, 1, 1);
        RolloutsTable.TABLE.write(
            greedy.union(drawn), context.run().at("evaluate/rollouts/" + policy.getKey()));
        bar.at(++done, policy.getKey());
      }
    } finally {
      prompts.unpersist();
    }
  }

  /**
   * Writes {@code folder}, so many drawn completions of each prompt.
   *
   * @param policy folder of the policy, which is also the reference
   * @param reward folder of the reward model; empty for none
   */
  public void draw(String policy, String reward, int samples, String folder) {
    context.spark().sparkContext().setJobDescription("complete held-out prompts");
    RewardTerms terms = new RewardTerms(context, reward);
    Dataset<Row> drawn =
        complete(prompts(terms), Map.entry("start", policy), policy, reward, terms, 1, samples);
    RolloutsTable.TABLE.write(drawn, context.run().at(folder));
  }

  private Dataset<Row> complete(
      JavaPairRDD<Long, Row> prompts,
      Map.Entry<String, String> policy,
      String reference,
      String reward,
      RewardTerms terms,
      int sample,
      int samples) {
    GenerationSettings drawn = settings.generation();
    GenerationSettings generation = sample == 0 ? drawn.greedy() : drawn;
    RolloutRequest request =
        new RolloutRequest(
            0,
            sample,
            samples,
            policy.getKey(),
            policy.getValue(),
            reference,
            reward,
            "",
            generation,
            context.settings().seed());
    return Rollouts.of(context, prompts, request, terms);
  }

  /** The showcase and as many others as are wanted: by their ids, which are hashes. */
  private JavaPairRDD<Long, Row> prompts(RewardTerms terms) {
    Dataset<Row> tokens =
        Split.rows(
            PromptTokensTable.TABLE.read(context.spark(), context.run().at("tokens/prompts")),
            Split.HELD_OUT);
    Dataset<Row> texts =
        PromptsTable.TABLE
            .read(context.spark(), context.run().at("prompts"))
            .select(
                col("prompt_id"), PromptsTable.question().equalTo(settings.showcase()).as("first"));
    return Rollouts.numbered(
        terms
            .prompts(tokens)
            .join(texts, "prompt_id")
            .orderBy(col("first").desc(), col("prompt_id"))
            .limit(settings.prompts())
            .drop("first"));
  }
}
