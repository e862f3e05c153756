package org.plumbline.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.plumbline.report.Comparison.Reply;
import org.plumbline.report.Comparison.Turn;
import org.plumbline.table.PromptId;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RolloutsTable;
import org.plumbline.table.VerdictsTable;

/** Picks the prompts to show and sets the policies' first completions of them side by side. */
final class Comparisons {
  /** Prompts that the page shows at most. */
  static final int PROMPTS = 30;

  private static final List<String> POLICIES = List.of("start", "ppo", "dpo");

  private final RunTables tables;
  private final String showcase;
  private final String showcaseId;

  private Comparisons(RunTables tables, String showcase) {
    this.tables = tables;
    this.showcase = showcase;
    this.showcaseId = PromptId.of(List.of(PromptId.message("user", showcase)));
  }

  /** The comparisons of a run, the prompt {@code showcase} first; none if nothing was sampled. */
  static List<Comparison> of(RunTables tables, String showcase) {
    return new Comparisons(tables, showcase).compare();
  }

  private List<Comparison> compare() {
    Optional<Dataset<Row>> rollouts =
        POLICIES.stream().flatMap(policy -> rollouts(policy).stream()).reduce(Dataset::union);
    if (rollouts.isEmpty()) {
      return List.of();
    }
    List<Row> prompts = choose(rollouts.get());
    Map<String, Map<String, Reply>> replies = replies(rollouts.get(), prompts);
    return prompts.stream()
        .map(prompt -> comparison(prompt, replies.get(prompt.<String>getAs("prompt_id"))))
        .toList();
  }

  private Optional<Dataset<Row>> rollouts(String policy) {
    return tables
        .table(RolloutsTable.TABLE, "evaluate/rollouts/" + policy)
        .map(
            rows ->
                rows.select(
                    lit(policy).as("policy"),
                    col("prompt_id"),
                    col("sample"),
                    struct("completion", "finish", "score", "kl").as("reply")));
  }

  /** The showcase, then harmful and harmless prompts in turn, in the order of their ids. */
  private List<Row> choose(Dataset<Row> rollouts) {
    Dataset<Row> known =
        tables
            .table(PromptsTable.TABLE, "prompts")
            .orElseGet(() -> PromptsTable.TABLE.empty(tables.spark()))
            .dropDuplicates("prompt_id")
            .select(col("prompt_id"), col("prompt"), harmful().as("harmful"));
    return rollouts
        .select("prompt_id")
        .distinct()
        .join(known, "prompt_id", "left")
        .withColumn("showcase", col("prompt_id").equalTo(showcaseId))
        .withColumn(
            "turn",
            row_number().over(Window.partitionBy("showcase", "harmful").orderBy("prompt_id")))
        .orderBy(col("showcase").desc(), col("turn"), col("harmful").desc())
        .limit(PROMPTS)
        .collectAsList();
  }

  /** The attribute {@code kind} says {@code harmful} or {@code harmless}, where a source knows. */
  private static Column harmful() {
    Column kind = element_at(col("attributes"), "kind");
    return when(kind.equalTo("harmful"), true).when(kind.equalTo("harmless"), false);
  }

  private Map<String, Map<String, Reply>> replies(Dataset<Row> rollouts, List<Row> prompts) {
    Object[] ids = prompts.stream().map(prompt -> prompt.<String>getAs("prompt_id")).toArray();
    Dataset<Row> verdicts =
        tables
            .table(VerdictsTable.TABLE, "evaluate/verdicts")
            .orElseGet(() -> VerdictsTable.TABLE.empty(tables.spark()));
    List<Row> rows =
        rollouts
            .filter(col("prompt_id").isin(ids))
            .groupBy("policy", "prompt_id")
            .agg(min_by(col("reply"), col("sample")).as("reply"), min("sample").as("sample"))
            .join(verdicts, new String[] {"policy", "prompt_id", "sample"}, "left")
            .select(
                "policy",
                "prompt_id",
                "reply.*",
                "category",
                "quality",
                "harmful_compliance",
                "needless_refusal")
            .collectAsList();
    Map<String, Map<String, Reply>> replies = new LinkedHashMap<>();
    for (Row row : rows) {
      replies
          .computeIfAbsent(row.getAs("prompt_id"), id -> new LinkedHashMap<>())
          .put(row.getAs("policy"), Reply.of(row));
    }
    return replies;
  }

  private Comparison comparison(Row prompt, Map<String, Reply> replies) {
    boolean first = prompt.getAs("showcase");
    List<Turn> turns = new ArrayList<>();
    if (prompt.getAs("prompt") != null) {
      prompt
          .<Row>getList(prompt.fieldIndex("prompt"))
          .forEach(turn -> turns.add(new Turn(turn.getString(0), turn.getString(1))));
    } else if (first) {
      turns.add(new Turn("user", showcase));
    }
    return new Comparison(
        prompt.getAs("prompt_id"), turns, prompt.getAs("harmful"), first, replies);
  }
}
