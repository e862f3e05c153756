package org.plumbline.prefer;

import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.direct.PairSums;
import org.plumbline.model.Head;
import org.plumbline.stage.StageContext;
import org.plumbline.table.ReferenceLogprobsTable;
import org.plumbline.table.ResponseLogprobsTable;
import org.plumbline.table.Table;
import org.plumbline.train.PairScorer;
import org.plumbline.train.RowScorer;
import org.plumbline.train.TokenResponse;

/** Rows that a reference is asked about: what tells them apart, and what is asked. */
sealed interface ReferencedRows {
  /** What they are, for people. */
  String name();

  /** What the name of their table ends with, after that of the model. */
  String suffix();

  /** The table of what the reference says, of which the first column is {@link #id}. */
  Table table();

  /** Tells rows apart by their token ids. */
  Column id();

  /** Has the reference in the folder {@code model} say it, {@code batchSize} rows at a time. */
  Dataset<Row> ask(StageContext context, String model, int batchSize, Dataset<Row> rows);

  /** Pairs, whose tokens make responses by {@code sums}. */
  record Pairs(PairSums sums) implements ReferencedRows {
    @Override
    public String name() {
      return "pairs";
    }

    @Override
    public String suffix() {
      return sums.alpha() == 1 ? "" : "-ld" + sums.alpha();
    }

    @Override
    public Table table() {
      return ReferenceLogprobsTable.TABLE;
    }

    @Override
    public Column id() {
      return hash("prompt_ids", "chosen_ids", "rejected_ids");
    }

    @Override
    public Dataset<Row> ask(StageContext context, String model, int batchSize, Dataset<Row> rows) {
      PairSums summing = sums;
      PairScorer.Figure summed =
          (loaded, batch) ->
              summing.of(loaded.decoder().logprobs(loaded.flat(), batch.tokens(), 1.0), batch);
      return new PairScorer(model, Head.NONE, summed, batchSize).scores(context, rows, table());
    }
  }

  /** Single responses. */
  record Responses() implements ReferencedRows {
    private static final int[] TOKENS = {1};

    @Override
    public String name() {
      return "responses";
    }

    @Override
    public String suffix() {
      return "-responses";
    }

    @Override
    public Table table() {
      return ResponseLogprobsTable.TABLE;
    }

    @Override
    public Column id() {
      return hash("prompt_ids", "response_ids");
    }

    @Override
    public Dataset<Row> ask(StageContext context, String model, int batchSize, Dataset<Row> rows) {
      RowScorer.Figures<TokenResponse> summed =
          (loaded, responses, step) ->
              List.of(
                  loaded
                      .decoder()
                      .logprobs(loaded.flat(), TokenResponse.batch(responses, step), 1.0)
                      .sum(TOKENS));
      return new RowScorer<>(model, Head.NONE, TokenResponse::of, summed, batchSize)
          .scores(context, rows, table());
    }
  }

  private static Column hash(String first, String... others) {
    return sha2(to_json(struct(first, others)), 256);
  }
}
