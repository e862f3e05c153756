package org.plumbline.tokens;

import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.plumbline.chat.Chat;
import org.plumbline.chat.ChatException;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.model.Tokenizer;

/**
 * Encodes the rows of a partition with a tokenizer opened once for all of them.
 *
 * @param modelUri the folder that holds the tokenizer
 */
record TokenTask(
    String modelUri,
    ChatTemplate template,
    Limits limits,
    TokenRow form,
    SerializableConfiguration configuration)
    implements MapPartitionsFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    Tokenizer tokenizer = Tokenizer.open(modelUri, configuration.value());
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> tokenizer.close());
    Encoder encoder = new Encoder(new Chat(template, tokenizer), tokenizer, limits);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
        .map(row -> encode(row, encoder))
        .iterator();
  }

  private Row encode(Row row, Encoder encoder) {
    try {
      return form.encode(row, encoder);
    } catch (ChatException e) {
      return form.dropped(row, e.getMessage());
    }
  }
}
