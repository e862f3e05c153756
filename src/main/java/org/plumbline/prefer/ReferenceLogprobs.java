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
import org.plumbline.direct.PairSums;
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
  private final PairSums responses;
  private String folder; // null until somebody asks: it takes reading the model

  /**
   * Of the reference in the folder {@code model}.
   *
   * @param responses how tokens make a response
   */
  ReferenceLogprobs(StageContext context, String model, PairSums responses) {
    this.context = context;
    this.model = model;
    this.responses = responses;
  }

  /** Adds the table's log-probabilities to {@code pairs}, working out those that are not there. */
  Dataset<Row> addTo(Dataset<Row> pairs) {
    complete(pairs);
    return joined(pairs);
  }

  /** Works out what is not in the table of {@code pairs}. */
  void complete(Dataset<Row> pairs) {
    Dataset<Row> rows = pairs.withColumn(ROW_ID, TOKENS);
    boolean begun = begun();
    Dataset<Row> missing = begun ? rows.join(read(), new String[] {ROW_ID}, "left_anti") : rows;
    long all = rows.count();
    long absent = begun ? missing.count() : all;
    context
        .progress()
        .say(
            "dpo: reference log-probabilities of %d of %d pairs are in %s, %d are worked out"
                .formatted(all - absent, all, folder(), absent));
    if (absent > 0 || !begun) {
      write(missing.dropDuplicates(ROW_ID));
    }
  }

  /**
   * Adds the table's log-probabilities to {@code pairs}, which must be in it. Whatever is to be
   * joined in one query must be complete before: Spark takes two listings of one folder for the
   * same, and would read the older for both.
   */
  Dataset<Row> joined(Dataset<Row> pairs) {
    // A row that is not there gets nulls, which nobody can train on, where others would drop it.
    return pairs
        .withColumn(ROW_ID, TOKENS)
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
    return ReferenceLogprobsTable.TABLE
        .read(context.spark(), context.run().at(folder()))
        .dropDuplicates(ROW_ID);
  }

  private void write(Dataset<Row> rows) {
    context.spark().sparkContext().setJobDescription("dpo: reference log-probabilities");
    PairSums sums = responses;
    PairScorer.Figure summed =
        (model, batch) ->
            sums.of(model.decoder().logprobs(model.flat(), batch.tokens(), 1.0), batch);
    PairScorer scorer =
        new PairScorer(model, Head.NONE, summed, context.settings().dpo().microBatchSize());
    ReferenceLogprobsTable.TABLE.append(
        scorer.scores(context, rows, ReferenceLogprobsTable.TABLE), context.run().at(folder()));
  }

  private String folder() {
    if (folder == null) {
      folder = FOLDER + "/" + key();
    }
    return folder;
  }

  /** Names the table: the model, the precision in which it is asked, and how tokens are summed. */
  private String key() {
    try {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(context.spark().sparkContext());
      spark.sc().setJobDescription("dpo: hash of the reference");
      String hash = ModelHash.of(new ModelFolder(model, context.run().configuration()), spark);
      String lengths = responses.alpha() == 1 ? "" : "-ld" + responses.alpha();
      return hash.substring(0, 32) + "-" + context.settings().model().compute() + lengths;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + model + ": " + e.getMessage(), e);
    }
  }
}
