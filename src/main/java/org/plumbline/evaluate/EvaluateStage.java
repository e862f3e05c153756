package org.plumbline.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.judge.Judge;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RolloutsTable;

/** Measures a run: how often the reward model is right, and what each policy does. */
public final class EvaluateStage {
  /** Policies in the order in which they come about. */
  public static final List<String> POLICIES = List.of("start", "ppo", "dpo");

  private final StageContext context;

  /** The stage within a run whose policies have completed the held-out prompts. */
  public EvaluateStage(StageContext context) {
    this.context = context;
  }

  /**
   * What was measured; what the run did not make is left out.
   *
   * @param reward accuracy of the reward model
   * @param policies measures by policy
   * @param optimization what the reinforcement loop gained on its way
   * @param lesson two replies to the showcase prompt and their scores
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Result(
      RewardAccuracy reward,
      Map<String, PolicyMeasures> policies,
      Optimization optimization,
      Showcase lesson) {}

  /** Judges all completions and takes the measures. */
  public Result execute() {
    context.spark().sparkContext().setJobDescription("evaluate");
    Optional<Judge> judge = judge();
    Map<String, PolicyMeasures> measures = Map.of();
    List<String> policies =
        POLICIES.stream().filter(name -> context.run().has("evaluate/rollouts/" + name)).toList();
    Optional<Showcase> showcase = Optional.empty();
    if (!policies.isEmpty()) {
      Dataset<Row> judged = judged(policies, judge).cache();
      measures = measures(policies, judged);
      showcase = Showcase.of(judged, context.settings().evaluate().showcase());
      judged.unpersist();
    }
    return new Result(
        RewardAccuracy.of(context, judge).orElse(null),
        measures,
        Optimization.of(context).orElse(null),
        showcase.orElse(null));
  }

  /** Measures of {@code policies}, which have completed the held-out prompts. */
  public Map<String, PolicyMeasures> measures(List<String> policies) {
    Dataset<Row> judged = judged(policies, judge()).cache();
    Map<String, PolicyMeasures> measures = measures(policies, judged);
    judged.unpersist();
    return measures;
  }

  private static Map<String, PolicyMeasures> measures(List<String> policies, Dataset<Row> judged) {
    Map<String, PolicyMeasures> measures = new LinkedHashMap<>();
    for (String policy : policies) {
      measures.put(policy, PolicyMeasures.of(judged.where(col("policy").equalTo(policy))));
    }
    return measures;
  }

  private Optional<Judge> judge() {
    return Optional.of(context.settings().evaluate().judge())
        .filter(name -> !name.isEmpty())
        .map(Judge::named);
  }

  private Dataset<Row> judged(List<String> policies, Optional<Judge> judge) {
    Dataset<Row> prompts =
        PromptsTable.TABLE
            .read(context.spark(), context.run().at("prompts"))
            .select(
                col("prompt_id"),
                col("attributes"),
                element_at(col("attributes"), "kind").as("kind"),
                PromptsTable.question().as("question"));
    Dataset<Row> rollouts =
        policies.stream()
            .map(
                name ->
                    RolloutsTable.TABLE.read(
                        context.spark(), context.run().at("evaluate/rollouts/" + name)))
            .reduce(Dataset::union)
            .orElseThrow()
            .join(prompts, "prompt_id");
    Dataset<Row> verdicts = Verdicts.of(context, rollouts, judge);
    return rollouts.join(
        verdicts,
        scala.collection.JavaConverters.asScalaBuffer(List.of("policy", "prompt_id", "sample"))
            .toSeq(),
        "left");
  }
}
