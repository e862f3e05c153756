package org.plumbline.prefer;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelHash;
import org.plumbline.stage.StageContext;

/**
 * What a reference makes of pairs or of single responses. It is worked out once and kept in the
 * run, in a table for each model, where every method finds it: rows are told apart by their token
 * ids, so that what was tokenized anew is not taken for what it was.
 */
final class ReferenceLogprobs {
  /** The folder of all such tables within the run. */
  static final String FOLDER = "reference_logprobs";

  private static final String ROW_ID = "row_id";
  private final StageContext context;
  private final String model;
  private final ReferencedRows asked;
  private String folder; // null until somebody asks: it takes reading the model

  /**
   * Of the reference in the folder {@code model}.
   *
   * @param asked what it is asked about
   */
  ReferenceLogprobs(StageContext context, String model, ReferencedRows asked) {
    this.context = context;
    this.model = model;
    this.asked = asked;
  }

  /** Adds the table's log-probabilities to {@code rows}, working out those that are not there. */
  Dataset<Row> addTo(Dataset<Row> rows) {
    complete(rows);
    return joined(rows);
  }

  /** Works out what is not in the table of {@code rows}. */
  void complete(Dataset<Row> rows) {
    Dataset<Row> keyed = rows.withColumn(ROW_ID, asked.id());
    boolean begun = begun();
    Dataset<Row> missing = begun ? keyed.join(read(), new String[] {ROW_ID}, "left_anti") : keyed;
    long all = keyed.count();
    long absent = begun ? missing.count() : all;
    context
        .progress()
        .say(
            "dpo: reference log-probabilities of %d of %d %s are in %s, %d are worked out"
                .formatted(all - absent, all, asked.name(), folder(), absent));
    if (absent > 0 || !begun) {
      write(missing.dropDuplicates(ROW_ID));
    }
  }

  /**
   * Adds the table's log-probabilities to {@code rows}, which must be in it. Whatever is to be
   * joined in one query must be complete before: Spark takes two listings of one folder for the
   * same, and would read the older for both.
   */
  Dataset<Row> joined(Dataset<Row> rows) {
    // A row that is not there gets nulls, which nobody can train on, where others would drop it.
    return rows.withColumn(ROW_ID, asked.id())
        .join(read(), new String[] {ROW_ID}, "left")
        .drop(ROW_ID);
  }

  /** Whether the table is there; one whose first writing broke off is cleared away. */
  private boolean begun() {
    boolean begun = context.run().has(folder() + "/_SUCCESS");
    if (!begun) {
      context.run().delete(folder());
    }
    return begun;
  }

  private Dataset<Row> read() {
    // Two runs at once might both have added a row; joined twice, it would count twice.
    return asked.table().read(context.spark(), context.run().at(folder())).dropDuplicates(ROW_ID);
  }

  private void write(Dataset<Row> rows) {
    context.spark().sparkContext().setJobDescription("dpo: reference log-probabilities");
    asked
        .table()
        .append(
            asked.ask(context, model, context.settings().dpo().microBatchSize(), rows),
            context.run().at(folder()));
  }

  private String folder() {
    if (folder == null) {
      folder = FOLDER + "/" + key();
    }
    return folder;
  }

  /** Names the table: the model, the precision in which it is asked, and what of. */
  private String key() {
    try {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
      spark.sc().setJobDescription("dpo: hash of the reference");
      String hash = ModelHash.of(new ModelFolder(model, context.run().configuration()), spark);
      return hash.substring(0, 32) + "-" + context.settings().model().compute() + asked.suffix();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + model + ": " + e.getMessage(), e);
    }
  }
}
