package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/** Responses in another script than their prompt, or than most prompts where theirs has none. */
record ScriptOutliers(String action) implements Check {
  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> prompts =
        corpus.prompts().select(col("prompt_id"), script("text").as("prompt_script"));
    List<Row> most =
        prompts
            .where("prompt_script is not null")
            .groupBy("prompt_script")
            .agg(count(lit(1)).as("prompts"))
            .orderBy(desc("prompts"), col("prompt_script"))
            .limit(1)
            .collectAsList();
    Column expected =
        coalesce(col("prompt_script"), lit(most.isEmpty() ? null : most.get(0).getString(0)));
    Dataset<Row> found =
        corpus
            .responses()
            .withColumn("script", script("text"))
            .where("script is not null")
            .join(prompts, "prompt_id")
            .withColumn("expected", expected)
            .where("script != expected")
            .withColumn(
                "detail", concat(col("script"), lit(" where the prompt is "), col("expected")));
    return Check.findings(found, "script-outliers", action);
  }

  private static Column script(String text) {
    UDF1<String, String> script = each -> Scripts.of(each).orElse(null);
    return udf(script, StringType).apply(col(text));
  }
}
