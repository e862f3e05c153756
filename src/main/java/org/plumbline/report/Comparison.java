package org.plumbline.report;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * One prompt and what each policy answered.
 *
 * @param prompt the dialogue; empty if the run's prompts table does not have it
 * @param harmful whether the prompt asks for what should be refused; null if its source is silent
 * @param showcase whether the settings ask for this prompt to be shown first
 * @param replies by policy; a policy that did not answer is absent
 */
record Comparison(
    String promptId,
    List<Turn> prompt,
    Boolean harmful,
    boolean showcase,
    Map<String, Reply> replies) {

  /** One turn of a dialogue. */
  record Turn(String role, String content) {}

  /** A completion, and the verdict on it where there is a judge. */
  record Reply(
      String text,
      boolean shortened,
      String finish,
      Double score,
      Double kl,
      String category,
      Double quality,
      Boolean harmfulCompliance,
      Boolean needlessRefusal) {
    private static final int CHARACTERS = 4000;

    static Reply of(Row row) {
      String text = row.getAs("completion");
      return new Reply(
          text.substring(0, Math.min(text.length(), CHARACTERS)),
          text.length() > CHARACTERS,
          row.getAs("finish"),
          row.getAs("score"),
          row.getAs("kl"),
          row.getAs("category"),
          row.getAs("quality"),
          row.getAs("harmful_compliance"),
          row.getAs("needless_refusal"));
    }
  }
}
