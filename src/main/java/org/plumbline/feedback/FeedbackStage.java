package org.plumbline.feedback;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;

import java.util.List;
import java.util.Map;
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
 * the tables {@code feedback}, {@code demonstrations}, {@code prompts} and {@code rejects}. All
 * that the rows say is in one of them: {@code entries = judgments + rejects}.
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
   * @param rowsIn rows of the feedback
   * @param rowsRefused rows of the feedback of which nothing was kept
   * @param entries things that the rows say: {@code feedback + rejects}
   * @param feedback judgments kept
   * @param rejects entries of the feedback that could not be used
   * @param kinds judgments by kind
   * @param rejectsByReason rejects of the feedback by reason
   * @param demonstrations dialogues to imitate
   * @param prompts prompts to sample from
   * @param annotators annotators that are named, in the whole table
   * @param otherRejects rows of demonstrations and prompts that could not be used
   */
  public record Result(
      long rowsIn,
      long rowsRefused,
      long entries,
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
    Intake feedback = inputs.feedback();
    Intake demonstrations = inputs.demonstrations();
    Intake prompts = inputs.prompts();
    Batch batch = Batch.of(spark, context.run(), settings.append());
    try (Progress.Bar bar = context.progress().begin("feedback", 5)) {
      step(bar, 0, "rejects");
      Dataset<Row> rejects =
          feedback.rejects().union(demonstrations.rejects()).union(prompts.rejects());
      DistinctPrompts given = DistinctPrompts.ofFile(prompts.kept());
      rejects = rejects.union(given.repeats()).union(batch.repeats(feedback.kept()));
      batch.write(RejectsTable.TABLE, rejects, "rejects");
      step(bar, 1, "judgments");
      batch.write(FeedbackTable.TABLE, batch.fresh(feedback.kept()), "feedback/judgments");
      step(bar, 2, "demonstrations");
      // A batch of judgments leaves the dialogues as they are, unless it brings some.
      if (!batch.continues() || !settings.demonstrations().isBlank()) {
        write(DemonstrationsTable.TABLE, demonstrations.kept(), "demonstrations");
      }
      step(bar, 3, "prompts");
      Dataset<Row> judged = read(FeedbackTable.TABLE, "feedback/judgments");
      DistinctPrompts distinct =
          settings.prompts().isBlank() ? DistinctPrompts.ofFeedback(judged) : given;
      write(PromptsTable.TABLE, distinct.prompts(), "prompts");
      step(bar, 4, "counts");
      Result result = count(batch, inputs, feedback, demonstrations, prompts);
      step(bar, 5, result.feedback() + " judgments");
      return result;
    }
  }

  private Result count(
      Batch batch, Inputs inputs, Intake feedback, Intake demonstrations, Intake prompts) {
    Map<String, Long> kinds = batch.added(FeedbackTable.TABLE, "feedback/judgments", "kind");
    Map<String, Long> reasons = batch.added(RejectsTable.TABLE, "rejects", "reason");
    Map<String, Long> rejects = batch.added(RejectsTable.TABLE, "rejects", "source");
    long refused = rejects.getOrDefault(feedback.input(), 0L);
    long demonstrated = read(DemonstrationsTable.TABLE, "demonstrations").count();
    long prompted = read(PromptsTable.TABLE, "prompts").count();
    Result result =
        new Result(
            feedback.read().value(),
            feedback.refused().value(),
            feedback.entries().value(),
            Batch.total(kinds),
            refused,
            kinds,
            reasons,
            demonstrated,
            prompted,
            read(FeedbackTable.TABLE, "feedback/judgments")
                .agg(count_distinct(col("annotator")))
                .head()
                .getLong(0),
            Batch.total(rejects) - refused);
    if (!inputs.promptsOnly()) {
      feedback.requireConserved(result.feedback(), rejects);
      requireUsable(result);
    }
    if (!settings.demonstrations().isBlank()) {
      demonstrations.requireConserved(demonstrated, rejects);
    }
    if (!settings.prompts().isBlank()) {
      prompts.requireConserved(prompted, rejects);
    }
    return result;
  }

  private void requireUsable(Result result) {
    if (result.feedback() == 0 && !settings.append()) {
      List<String> reasons = List.copyOf(result.rejectsByReason().keySet());
      throw new IllegalArgumentException(
          "Cannot use feedback of %s: none of %d rows is usable, because: %s"
              .formatted(settings.input(), result.rowsIn(), String.join("; ", reasons)));
    }
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
