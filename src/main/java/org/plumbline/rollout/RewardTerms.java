package org.plumbline.rollout;

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
import org.apache.spark.sql.types.StructType;
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
  static final String ATTRIBUTES = "attributes";
  static final String PROMPT = "prompt";

  /** Rows of the rollouts table, and what terms may ask of prompts besides. */
  static final StructType SCHEMA =
      RolloutsTable.TABLE
          .schema()
          .add(ATTRIBUTES, DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add(PROMPT, DataTypes.StringType);

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
    addTo(context.spark().createDataFrame(List.of(), SCHEMA));
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
   * @param rollouts rows of {@link #SCHEMA} whose terms are those of models only
   * @return rows of the table with all terms
   */
  Dataset<Row> addTo(Dataset<Row> rollouts) {
    String[] columns = RolloutsTable.TABLE.schema().fieldNames();
    if (terms.isEmpty()) {
      return select(rollouts, columns);
    }
    Dataset<Row> all =
        needTexts()
            ? rollouts
                .withColumn("prompt_tokens", size(col("prompt_ids")))
                .withColumn("response_tokens", size(col("response_ids")))
            : rollouts;
    for (RewardTerm term : terms) {
      requireNew(term, columns);
      all = with(term, all);
    }
    List<Column> named = new ArrayList<>();
    Column sum = lit(0.0);
    for (RewardTerm term : terms) {
      named.add(lit(term.name()));
      named.add(col(term.name()));
      sum = term.weight() == 0 ? sum : sum.plus(col(term.name()).multiply(term.weight()));
    }
    return select(
        all.withColumn("terms", map(named.toArray(Column[]::new))).withColumn("reward", sum),
        columns);
  }

  private static Dataset<Row> select(Dataset<Row> rows, String[] columns) {
    return rows.select(Arrays.stream(columns).map(name -> col(name)).toArray(Column[]::new));
  }

  private static void requireNew(RewardTerm term, String[] columns) {
    if (Arrays.asList(columns).contains(term.name()) && !term.name().equals(RewardTerm.SCORE)) {
      throw new IllegalArgumentException(
          "Invalid reward.terms: the name %s (must not be that of a column of rollouts: %s)"
              .formatted(term.name(), String.join(", ", columns)));
    }
  }

  /** Whether there are expressions or functions, which may ask for what is said of prompts. */
  boolean needTexts() {
    return terms.stream().anyMatch(term -> term.model().isEmpty());
  }

  /**
   * Prompts as completing them needs them, joined once instead of with every batch of completions.
   *
   * @param prompts rows of the prompt tokens table
   * @return the same rows, with attributes and text if terms may ask for them
   */
  public Dataset<Row> prompts(Dataset<Row> prompts) {
    return needTexts()
        ? prompts.join(
            PromptsTable.TABLE
                .read(context.spark(), context.run().at("prompts"))
                .select(col("prompt_id"), col(ATTRIBUTES), PromptsTable.question().as(PROMPT)),
            JavaConverters.asScalaBuffer(List.of("prompt_id")).toSeq(),
            "left")
        : prompts;
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
    return udf(reward, DataTypes.DoubleType).apply(col(ATTRIBUTES), col("completion"));
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
