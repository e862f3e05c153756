package org.plumbline.tokens;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;
import org.plumbline.chat.Message;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.RatingTokensTable;
import org.plumbline.table.Table;
import org.plumbline.table.UnpairedTokensTable;

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

  /** A row that comes to nothing, for {@code reason}. */
  default Row dropped(Row row, String reason) {
    return RowFactory.create(
        Stream.of(type().fields())
            .map(
                field ->
                    switch (field.name()) {
                      case "drop" -> reason;
                      case "cut_prompts", "cut_responses" -> 0;
                      default ->
                          field.dataType() instanceof ArrayType
                              ? new Integer[0]
                              : row.getAs(field.name());
                    })
            .toArray());
  }

  /** A pair; it must still have two responses, and different ones, after the cut. */
  record Pair() implements TokenRow {
    @Override
    public Table table() {
      return PairTokensTable.TABLE;
    }

    @Override
    public Row encode(Row row, Encoder encoder) {
      List<Message> messages = Encoder.messages(row.getList(row.fieldIndex("prompt")));
      Encoder.Ids prompt = encoder.prompt(messages);
      Encoder.Ids chosen = encoder.response(messages, row.getAs("chosen"), prompt.ids().length);
      Encoder.Ids rejected = encoder.response(messages, row.getAs("rejected"), prompt.ids().length);
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

  /**
   * A response that was judged by itself.
   *
   * @param id the column that tells rows apart
   * @param said columns of what was said of it, which are kept as they are
   */
  record Alone(Table table, String id, List<String> said) implements TokenRow {
    static final Alone UNPAIRED =
        new Alone(UnpairedTokensTable.TABLE, "unpaired_id", List.of("acceptable", "probability"));

    static final Alone RATING = new Alone(RatingTokensTable.TABLE, "rating_id", List.of("rating"));

    @Override
    public Row encode(Row row, Encoder encoder) {
      List<Message> messages = Encoder.messages(row.getList(row.fieldIndex("prompt")));
      Encoder.Ids prompt = encoder.prompt(messages);
      Encoder.Ids response = encoder.response(messages, row.getAs("response"), prompt.ids().length);
      List<Object> columns = new ArrayList<>();
      columns.add(row.getAs(id));
      columns.add(row.getAs("prompt_id"));
      columns.add(prompt.boxed());
      columns.add(response.boxed());
      said.forEach(column -> columns.add(row.getAs(column)));
      columns.add(row.getAs("weight"));
      columns.add(row.getAs("split"));
      columns.add(prompt.cut() ? 1 : 0);
      columns.add(response.cut() ? 1 : 0);
      columns.add(encoder.isEmpty(response) ? "empty response" : null);
      return RowFactory.create(columns.toArray());
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
      List<Message> messages = Encoder.messages(row.getList(row.fieldIndex("prompt")));
      Encoder.Ids prompt = encoder.prompt(messages);
      Encoder.Ids response = encoder.response(messages, row.getAs("response"), prompt.ids().length);
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
      Encoder.Ids prompt = encoder.prompt(Encoder.messages(row.getList(row.fieldIndex("prompt"))));
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
