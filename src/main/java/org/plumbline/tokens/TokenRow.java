package org.plumbline.tokens;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.Table;

/** How a row of a text table becomes a row of its token table. */
sealed interface TokenRow extends Serializable {
  /** The table that the rows go to. */
  Table table();

  /** A row of {@link #type}. */
  Row encode(Row row, Encoder encoder);

  /** The table's columns, how much was cut, and the reason to drop the row where there is one. */
  default StructType type() {
    return table()
        .schema()
        .add("cut_prompts", IntegerType, false)
        .add("cut_responses", IntegerType, false)
        .add("drop", StringType, true);
  }

  /** A pair; it must still have two responses, and different ones, after the cut. */
  record Pair() implements TokenRow {
    @Override
    public Table table() {
      return PairTokensTable.TABLE;
    }

    @Override
    public Row encode(Row row, Encoder encoder) {
      Encoder.Ids prompt = encoder.prompt(row.getList(row.fieldIndex("prompt")));
      Encoder.Ids chosen = encoder.response(row.getAs("chosen"), prompt.ids().length);
      Encoder.Ids rejected = encoder.response(row.getAs("rejected"), prompt.ids().length);
      Optional<String> drop = Optional.empty();
      if (encoder.isEmpty(chosen) || encoder.isEmpty(rejected)) {
        drop = Optional.of("empty response");
      } else if (Arrays.equals(chosen.ids(), rejected.ids())) {
        drop = Optional.of("identical after truncation");
      }
      return RowFactory.create(
          row.getAs("pair_id"),
          row.getAs("prompt_id"),
          prompt.boxed(),
          chosen.boxed(),
          rejected.boxed(),
          row.getAs("probability"),
          row.getAs("weight"),
          row.getAs("split"),
          prompt.cut() ? 1 : 0,
          (int) Stream.of(chosen, rejected).filter(Encoder.Ids::cut).count(),
          drop.orElse(null));
    }
  }

  /** A dialogue to imitate. */
  record Demonstration() implements TokenRow {
    @Override
    public Table table() {
      return DemonstrationTokensTable.TABLE;
    }

    @Override
    public Row encode(Row row, Encoder encoder) {
      Encoder.Ids prompt = encoder.prompt(row.getList(row.fieldIndex("prompt")));
      Encoder.Ids response = encoder.response(row.getAs("response"), prompt.ids().length);
      return RowFactory.create(
          row.getAs("demonstration_id"),
          prompt.boxed(),
          response.boxed(),
          row.getAs("split"),
          prompt.cut() ? 1 : 0,
          response.cut() ? 1 : 0,
          encoder.isEmpty(response) ? "empty response" : null);
    }
  }

  /** A prompt to sample from. */
  record Prompt() implements TokenRow {
    @Override
    public Table table() {
      return PromptTokensTable.TABLE;
    }

    @Override
    public Row encode(Row row, Encoder encoder) {
      Encoder.Ids prompt = encoder.prompt(row.getList(row.fieldIndex("prompt")));
      return RowFactory.create(
          row.getAs("prompt_id"),
          prompt.boxed(),
          row.getAs("split"),
          prompt.cut() ? 1 : 0,
          0,
          null);
    }
  }
}
