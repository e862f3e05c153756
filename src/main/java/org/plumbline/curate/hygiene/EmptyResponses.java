package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Judgments of one response that is empty. In judgments of several, an empty response tells who can
 * be believed; only the pairs with it are of no use, and {@link UselessPairs} finds those.
 */
record EmptyResponses(String action) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> found =
        corpus
            .judgments()
            .where(expr("size(responses) = 1 and responses[0].text rlike '^\\\\s*$'"))
            .select("prompt_id", "judgment_id")
            .withColumn("response_id", Texts.id(lit("")))
            .withColumn("detail", lit("judged alone"));
    return Check.findings(found, "empty-responses", action);
  }
}
