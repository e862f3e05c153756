package org.plumbline.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.plumbline.model.Tokenizer;

/**
 * Text to ids by template, cut to fit by rule: a prompt keeps its last tokens, after the token that
 * starts a text; a response keeps its first, and once cut has no end token. Prompt and response are
 * encoded each on its own, so that a prompt has the same ids in training, scoring and generation.
 */
record Encoder(Tokenizer tokenizer, ChatTemplate template, Limits limits) {
  /** Ids, and whether some had to be left out. */
  record Ids(int[] ids, boolean cut) {
    Integer[] boxed() {
      return IntStream.of(ids).boxed().toArray(Integer[]::new);
    }
  }

  Ids prompt(List<Row> messages) {
    int[] text = tokenizer.encode(template.prompt(messages));
    int[] start = tokenizer.addsBos() ? new int[] {tokenizer.bos().getAsInt()} : new int[0];
    int kept = Math.min(text.length, limits.prompt() - start.length);
    int[] ids = Arrays.copyOf(start, start.length + kept);
    System.arraycopy(text, text.length - kept, ids, start.length, kept);
    return new Ids(ids, kept < text.length);
  }

  /** The response to a prompt of {@code promptLength} tokens, with its end token if it fits. */
  Ids response(String response, int promptLength) {
    int[] text = tokenizer.encodeContinuation(template.response(response));
    int room = limits.total() - promptLength;
    if (text.length + 1 > room) {
      return new Ids(Arrays.copyOf(text, Math.min(room, text.length)), true);
    }
    int[] ids = Arrays.copyOf(text, text.length + 1);
    ids[text.length] = tokenizer.eos();
    return new Ids(ids, false);
  }

  /** Whether a response is nothing but its end. */
  boolean isEmpty(Ids response) {
    return response.ids().length == 0
        || response.ids().length == 1 && response.ids()[0] == tokenizer.eos();
  }
}
