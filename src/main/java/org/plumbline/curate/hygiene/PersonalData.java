package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/** Prompts and responses with what looks like personal data; says what and where, never quotes. */
record PersonalData(String action, String region) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> prompts =
        corpus
            .prompts()
            .select(col("prompt_id"), posexplode(col("prompt.content")))
            .select(
                col("prompt_id"),
                lit(null).cast("string").as("response_id"),
                concat(lit(" of turn "), col("pos").plus(1)).as("of"),
                explode(places(col("col"))).as("place"));
    Dataset<Row> responses =
        corpus
            .responses()
            .select(
                col("prompt_id"),
                col("response_id"),
                lit(" of the response").as("of"),
                explode(places(col("text"))).as("place"));
    Dataset<Row> found =
        prompts.union(responses).withColumn("detail", concat(col("place"), col("of")));
    return Check.findings(found, "personal-data", action);
  }

  private Column places(Column text) {
    String ofRegion = region;
    UDF1<String, String[]> places =
        each ->
            PersonalPattern.find(each, ofRegion).stream()
                .map(
                    place ->
                        "%s at characters %d to %d"
                            .formatted(place.kind(), place.start() + 1, place.end()))
                .toArray(String[]::new);
    return udf(places, createArrayType(StringType, false)).apply(text);
  }

  /** {@code text} with the kind of what was found in its place, such as {@code [email]}. */
  static String redacted(String text, String region) {
    StringBuilder redacted = new StringBuilder();
    int done = 0;
    for (PersonalPattern.Place place : PersonalPattern.find(text, region)) {
      redacted.append(text, done, place.start()).append('[').append(place.kind()).append(']');
      done = place.end();
    }
    return redacted.append(text, done, text.length()).toString();
  }
}
