package org.plumbline.train;

import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;
import org.plumbline.table.Tokens;

/** One response to a prompt as token ids. */
public record TokenResponse(int[] prompt, int[] response) implements Example, Serializable {

  /** The response in a row with its ids and those of its prompt. */
  public static TokenResponse of(Row row) {
    return new TokenResponse(Tokens.ids(row, "prompt_ids"), Tokens.ids(row, "response_ids"));
  }

  /** {@code responses} side by side, in arrays of {@code manager}. */
  public static TokenBatch batch(List<TokenResponse> responses, NDManager manager) {
    return TokenBatch.of(responses.stream().map(TokenResponse::sequence).toList(), manager);
  }

  /** Prompt and response. */
  public Sequence sequence() {
    return new Sequence(prompt, response);
  }

  @Override
  public int length() {
    return prompt.length + response.length;
  }
}
