package org.plumbline.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.plumbline.chat.Chat;
import org.plumbline.chat.Message;
import org.plumbline.model.Tokenizer;

/**
 * Text to ids by template, cut to fit by rule: a prompt keeps its last tokens, after the token that
 * starts a text; a response keeps its first, and once cut has no end token.
 */
record Encoder(Chat chat, Tokenizer tokenizer, Limits limits) {
  /** Ids, and whether some had to be left out. */
  record Ids(int[] ids, boolean cut) {
    Integer[] boxed() {
      return IntStream.of(ids).boxed().toArray(Integer[]::new);
    }
  }

  /** Messages as they lie in a table. */
  static List<Message> messages(List<Row> rows) {
    return rows.stream().map(row -> new Message(row.getString(0), row.getString(1))).toList();
  }

  Ids prompt(List<Message> messages) {
    int[] all = chat.prompt(messages);
    int excess = all.length - limits.prompt();
    if (excess <= 0) {
      return new Ids(all, false);
    }
    int[] ids = Arrays.copyOfRange(all, excess, all.length);
    if (tokenizer.bos().isPresent() && all[0] == tokenizer.bos().getAsInt()) {
      ids[0] = all[0];
    }
    return new Ids(ids, true);
  }

  /** The response to a prompt of {@code promptLength} tokens, with its end token if it fits. */
  Ids response(List<Message> prompt, String response, int promptLength) {
    int[] text = chat.response(prompt, response);
    int room = limits.total() - promptLength;
    if (text.length + 1 > room) {
      return new Ids(Arrays.copyOf(text, Math.min(room, text.length)), true);
    }
    int[] ids = Arrays.copyOf(text, text.length + 1);
    ids[text.length] = chat.end();
    return new Ids(ids, false);
  }

  /** Whether a response is nothing but its end. */
  boolean isEmpty(Ids response) {
    return response.ids().length == 0
        || response.ids().length == 1 && response.ids()[0] == chat.end();
  }
}
