package org.plumbline.feedback;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.FeedbackSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationsTable;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.Table;

/**
 * Reads human judgments from files, with demonstrations and prompts where there are any, and writes
 * the tables {@code feedback}, {@code demonstrations}, {@code prompts} and {@code rejects}. Every
 * row that is read is in one of them.
 */
public final class FeedbackStage {
  private final SparkSession spark;
  private final StageContext context;
  private final FeedbackSettings settings;

  /** Reads what {@code context.settings().feedback()} names. */
  public FeedbackStage(StageContext context) {
    this.context = context;
    this.spark = context.spark();
    this.settings = context.settings().feedback();
  }

  /**
   * What was read and kept.
   *
   * @param rowsIn rows of the feedback: {@code feedback + rejects}
   * @param feedback judgments kept
   * @param rejects rows of the feedback that could not be used
   * @param kinds judgments by kind
   * @param rejectsByReason rejects of the feedback by reason
   * @param demonstrations dialogues to imitate
   * @param prompts prompts to sample from
   * @param annotators annotators that are named
   * @param otherRejects rows of demonstrations and prompts that could not be used
   */
  public record Result(
      long rowsIn,
      long feedback,
      long rejects,
      Map<String, Long> kinds,
      Map<String, Long> rejectsByReason,
      long demonstrations,
      long prompts,
      long annotators,
      long otherRejects) {}

  /**
   * Reads, writes and counts.
   *
   * @throws IllegalArgumentException if there is nothing to read, or nothing usable in it
   */
  public Result execute() {
    Inputs inputs = new Inputs(spark, settings);
    try (Progress.Bar bar = context.progress().begin("feedback", 4);
        Intake feedback = inputs.feedback();
        Intake demonstrations = inputs.demonstrations();
        Intake prompts = inputs.prompts()) {
      step(bar, 0, "judgments");
      write(FeedbackTable.TABLE, feedback.kept(), "feedback/judgments");
      step(bar, 1, "demonstrations");
      write(DemonstrationsTable.TABLE, demonstrations.kept(), "demonstrations");
      step(bar, 2, "prompts");
      DistinctPrompts distinct =
          settings.prompts().isBlank()
              ? DistinctPrompts.ofFeedback(feedback.kept())
              : DistinctPrompts.ofFile(prompts.kept());
      write(PromptsTable.TABLE, distinct.prompts(), "prompts");
      Dataset<Row> rejects =
          feedback.rejects().union(demonstrations.rejects()).union(prompts.rejects());
      write(RejectsTable.TABLE, rejects.union(distinct.repeats()), "rejects");
      step(bar, 3, "counts");
      Result result = count(feedback, demonstrations, prompts);
      step(bar, 4, result.feedback() + " judgments");
      return result;
    }
  }

  private Result count(Intake feedback, Intake demonstrations, Intake prompts) {
    Dataset<Row> judgments = read(FeedbackTable.TABLE, "feedback/judgments");
    Dataset<Row> rejects = read(RejectsTable.TABLE, "rejects").cache();
    Column ofFeedback = col("source").equalTo(lit(feedback.input()));
    Map<String, Long> kinds = countBy(judgments, "kind");
    Map<String, Long> rejectsByInput = countBy(rejects, "source");
    Result result =
        new Result(
            feedback.rows(),
            total(kinds),
            rejectsByInput.getOrDefault(feedback.input(), 0L),
            kinds,
            countBy(rejects.where(ofFeedback), "reason"),
            read(DemonstrationsTable.TABLE, "demonstrations").count(),
            read(PromptsTable.TABLE, "prompts").count(),
            judgments.agg(count_distinct(col("annotator"))).head().getLong(0),
            total(rejectsByInput) - rejectsByInput.getOrDefault(feedback.input(), 0L));
    rejects.unpersist();
    feedback.requireConserved(result.rowsIn(), result.feedback(), rejectsByInput);
    demonstrations.requireConserved(demonstrations.rows(), result.demonstrations(), rejectsByInput);
    if (!settings.prompts().isBlank()) {
      prompts.requireConserved(prompts.rows(), result.prompts(), rejectsByInput);
    }
    requireUsable(result);
    return result;
  }

  private void requireUsable(Result result) {
    if (result.feedback() == 0) {
      List<String> reasons = List.copyOf(result.rejectsByReason().keySet());
      throw new IllegalArgumentException(
          "Cannot use feedback of %s: none of %d rows is usable, because: %s"
              .formatted(settings.input(), result.rowsIn(), String.join("; ", reasons)));
    }
  }

  private static Map<String, Long> countBy(Dataset<Row> rows, String column) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : rows.groupBy(column).count().collectAsList()) {
      counts.put(row.getString(0), row.getLong(1));
    }
    return counts;
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private void step(Progress.Bar bar, int done, String what) {
    spark.sparkContext().setJobDescription("feedback: " + what);
    bar.at(done, what);
  }

  private void write(Table table, Dataset<Row> rows, String folder) {
    table.write(rows, context.run().at(folder));
  }

  private Dataset<Row> read(Table table, String folder) {
    return table.read(spark, context.run().at(folder));
  }
}
