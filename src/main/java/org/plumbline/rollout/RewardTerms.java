package org.plumbline.rollout;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.plumbline.config.RewardTerm;
import org.plumbline.judge.Answer;
import org.plumbline.judge.RewardFunction;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RolloutsTable;
import scala.collection.JavaConverters;

/**
 * What completions earn: the weighted sum of the terms in {@code reward.terms}, or what the run's
 * reward model says if there are none.
 */
public final class RewardTerms {
  private static final RewardTerm SCORE = new RewardTerm("", 1, RewardTerm.TRAINED, "", "", "");

  private final StageContext context;
  private final String trained;
  private final List<RewardTerm> terms;
  private final Map<RewardTerm, RewardFunction> functions = new HashMap<>();

  /**
   * The terms of a run.
   *
   * @param trained folder of the run's reward model; empty if it has none
   */
  public RewardTerms(StageContext context, String trained) {
    this.context = context;
    this.trained = trained;
    List<RewardTerm> wanted = context.settings().reward().terms();
    this.terms = wanted.isEmpty() && !trained.isEmpty() ? List.of(SCORE) : wanted;
  }

  /** Whether {@code terms}, as in settings, ask the run's own reward model. */
  public static boolean needTrained(List<RewardTerm> terms) {
    return terms.isEmpty() || terms.stream().anyMatch(RewardTerms::isTrained);
  }

  private static boolean isTrained(RewardTerm term) {
    return term.model().equals(RewardTerm.TRAINED);
  }

  /**
   * Looks whether every term can be worked out; completions are not asked for.
   *
   * @throws IllegalArgumentException naming the first that cannot, and why
   */
  public void check() {
    models();
    addTo(RolloutsTable.TABLE.empty(context.spark()));
  }

  /** Folders of the models that are asked, by name of their terms. */
  Map<String, String> models() {
    Map<String, String> models = new LinkedHashMap<>();
    for (RewardTerm term : terms) {
      if (isTrained(term) && trained.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid reward.terms: model trained (must be a folder where the run has no reward"
                + " model)");
      }
      if (!term.model().isEmpty()) {
        models.put(term.name(), isTrained(term) ? trained : term.model());
      }
    }
    return models;
  }

  /**
   * Works out all terms of {@code rollouts} and their sum.
   *
   * @param rollouts rows of the table whose terms are those of models only
   * @return the same rows with all terms
   */
  Dataset<Row> addTo(Dataset<Row> rollouts) {
    if (terms.isEmpty()) {
      return rollouts;
    }
    Dataset<Row> all =
        terms.stream().allMatch(term -> !term.model().isEmpty()) ? rollouts : withPrompts(rollouts);
    for (RewardTerm term : terms) {
      requireNew(term, rollouts);
      all = with(term, all);
    }
    List<Column> named = new ArrayList<>();
    Column sum = lit(0.0);
    for (RewardTerm term : terms) {
      named.add(lit(term.name()));
      named.add(col(term.name()));
      sum = term.weight() == 0 ? sum : sum.plus(col(term.name()).multiply(term.weight()));
    }
    return all.withColumn("terms", map(named.toArray(Column[]::new)))
        .withColumn("reward", sum)
        .select(Arrays.stream(rollouts.columns()).map(name -> col(name)).toArray(Column[]::new));
  }

  private static void requireNew(RewardTerm term, Dataset<Row> rollouts) {
    if (Arrays.asList(rollouts.columns()).contains(term.name())
        && !term.name().equals(RewardTerm.SCORE)) {
      throw new IllegalArgumentException(
          "Invalid reward.terms: the name %s (must not be that of a column of rollouts: %s)"
              .formatted(term.name(), String.join(", ", rollouts.columns())));
    }
  }

  /** With what expressions and functions may ask of besides. */
  private Dataset<Row> withPrompts(Dataset<Row> rollouts) {
    Dataset<Row> prompts =
        PromptsTable.TABLE
            .read(context.spark(), context.run().at("prompts"))
            .select(col("prompt_id"), col("attributes"), PromptsTable.question().as("prompt"));
    return rollouts
        .join(
            broadcast(prompts), JavaConverters.asScalaBuffer(List.of("prompt_id")).toSeq(), "left")
        .withColumn("prompt_tokens", size(col("prompt_ids")))
        .withColumn("response_tokens", size(col("response_ids")));
  }

  private Dataset<Row> with(RewardTerm term, Dataset<Row> rollouts) {
    UDF2<Double, String, Double> check = (value, prompt) -> finite(term.name(), value, prompt);
    try {
      return rollouts.withColumn(
          term.name(),
          udf(check, DataTypes.DoubleType)
              .apply(value(term).cast(DataTypes.DoubleType), col("prompt_id")));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot use reward term %s: %s".formatted(term.name(), e.getMessage()), e);
    } catch (Exception e) {
      // Spark does not declare what it throws at expressions that cannot be.
      throw new IllegalArgumentException(
          "Invalid reward.terms: %s: %s"
              .formatted(term.name(), e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  private static double finite(String term, Double value, String prompt) {
    if (value == null || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "Invalid reward term %s: %s for a completion of prompt %s (must be a finite number)"
              .formatted(term, value, prompt));
    }
    return value;
  }

  private Column value(RewardTerm term) throws IOException {
    if (!term.model().isEmpty()) {
      return col("terms").getItem(term.name());
    }
    if (!term.sql().isEmpty()) {
      return expr(term.sql());
    }
    RewardFunction function = function(term);
    UDF2<scala.collection.Map<String, String>, String, Double> reward =
        (attributes, completion) ->
            function.reward(new Answer(JavaConverters.mapAsJavaMap(attributes), completion));
    return udf(reward, DataTypes.DoubleType).apply(col("attributes"), col("completion"));
  }

  /** Found, and its argument's file read, once for all rollouts. */
  private RewardFunction function(RewardTerm term) throws IOException {
    RewardFunction function = functions.get(term);
    if (function == null) {
      function =
          RewardFunction.named(term.function(), term.argument(), context.run().configuration());
      functions.put(term, function);
    }
    return function;
  }
}
