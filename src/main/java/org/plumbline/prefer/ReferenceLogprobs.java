package org.plumbline.prefer;

import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.model.Head;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelHash;
import org.plumbline.stage.StageContext;
import org.plumbline.table.ReferenceLogprobsTable;
import org.plumbline.train.PairScorer;

/**
 * What a reference makes of pairs. It is worked out once and kept in the run, in a table for each
 * model, where every method finds it: rows are told apart by their token ids, so that what was
 * tokenized anew is not taken for what it was.
 */
final class ReferenceLogprobs {
  /** The folder of all such tables within the run. */
  static final String FOLDER = "reference_logprobs";

  private static final String ROW_ID = "row_id";
  private static final Column TOKENS =
      sha2(to_json(struct("prompt_ids", "chosen_ids", "rejected_ids")), 256);

  private final StageContext context;
  private final String model;

  /** Of the reference in the folder {@code model}. */
  ReferenceLogprobs(StageContext context, String model) {
    this.context = context;
    this.model = model;
  }

  /** Adds the table's log-probabilities to {@code pairs}, working out those that are not there. */
  Dataset<Row> addTo(Dataset<Row> pairs) {
    Dataset<Row> rows = pairs.withColumn(ROW_ID, TOKENS);
    String folder = FOLDER + "/" + key();
    String path = context.run().at(folder);
    boolean begun = begun(folder);
    Dataset<Row> missing = begun ? rows.join(read(path), new String[] {ROW_ID}, "left_anti") : rows;
    long all = rows.count();
    long absent = begun ? missing.count() : all;
    context
        .progress()
        .say(
            "dpo: reference log-probabilities of %d of %d pairs are in %s, %d are worked out"
                .formatted(all - absent, all, folder, absent));
    if (absent > 0 || !begun) {
      write(missing.dropDuplicates(ROW_ID), path);
    }
    return rows.join(read(path), ROW_ID).drop(ROW_ID);
  }

  /** Whether the table is there; one whose first writing broke off is cleared away. */
  private boolean begun(String folder) {
    boolean begun = context.run().has(folder + "/_SUCCESS");
    if (!begun) {
      context.run().delete(folder);
    }
    return begun;
  }

  private Dataset<Row> read(String path) {
    // Two runs at once might both have added a row; joined twice, it would count twice.
    return ReferenceLogprobsTable.TABLE.read(context.spark(), path).dropDuplicates(ROW_ID);
  }

  private void write(Dataset<Row> rows, String path) {
    context.spark().sparkContext().setJobDescription("dpo: reference log-probabilities");
    PairScorer.Figure summed =
        (model, batch) ->
            model.decoder().logprobs(model.flat(), batch.tokens(), 1.0).sum(new int[] {1});
    PairScorer scorer =
        new PairScorer(model, Head.NONE, summed, context.settings().dpo().microBatchSize());
    ReferenceLogprobsTable.TABLE.append(
        scorer.scores(context, rows, ReferenceLogprobsTable.TABLE), path);
  }

  /** Names the table: the model, and the precision in which it is asked. */
  private String key() {
    try {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
      spark.sc().setJobDescription("dpo: hash of the reference");
      String hash = ModelHash.of(new ModelFolder(model, context.run().configuration()), spark);
      return hash.substring(0, 32) + "-" + context.settings().model().compute();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + model + ": " + e.getMessage(), e);
    }
  }
}
