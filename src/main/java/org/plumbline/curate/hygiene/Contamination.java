package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.HygieneSettings;

/**
 * Prompts that are in a benchmark: a turn of the same words, the same 13 words in a row, or nearly
 * the same text. Words in a row that more than ten prompts share with benchmarks are common ones
 * and do not count (Brown et al. 2020, arXiv 2005.14165, appendix C). What is held out is reported
 * only.
 */
record Contamination(Dataset<Row> benchmarks, NearTexts near, HygieneSettings settings)
    implements Check {
  /** {@code id, words, text, name} of each distinct prompt in {@code files}. */
  static Dataset<Row> read(org.apache.spark.sql.SparkSession spark, String files) {
    Column json = expr("get_json_object(value, '$.prompt')");
    return spark
        .read()
        .text(files.split("\\s*,\\s*"))
        .withColumn("name", expr("element_at(split(input_file_name(), '/'), -1)"))
        .withColumn("text", when(col("value").rlike("^\\s*\\{"), json).otherwise(col("value")))
        .where("text is not null")
        .withColumn("words", Texts.words("text"))
        .where("words != ''")
        .groupBy("words")
        .agg(min("name").as("name"), min("text").as("text"))
        .withColumn("id", Texts.id(col("words")));
  }

  @Override
  public Dataset<Row> find(Corpus corpus) {
    Dataset<Row> best =
        exact(corpus)
            .union(shared(corpus))
            .union(near(corpus))
            .groupBy("prompt_id")
            .agg(min(org.apache.spark.sql.functions.struct("order", "other_id", "how")).as("best"))
            .select(col("prompt_id"), col("best.other_id"), col("best.how").as("how"));
    Dataset<Row> found =
        best.join(benchmarks.select(col("id").as("other_id"), col("name")), "other_id")
            .join(corpus.prompts().select("prompt_id", "held_out"), "prompt_id")
            .withColumn("detail", concat(col("how"), lit(" of "), col("name")));
    Column action = when(col("held_out"), REPORT).otherwise(settings.contamination());
    return Check.findings(found, "contamination", action);
  }

  private Dataset<Row> exact(Corpus corpus) {
    return corpus
        .prompts()
        .select(col("prompt_id"), explode(expr("filter(prompt, m -> m.role = 'user')")).as("turn"))
        .withColumn("turn", col("turn.content"))
        .withColumn("words", Texts.words("turn"))
        .join(benchmarks, "words")
        .select(
            col("prompt_id"),
            lit(1).as("order"),
            col("id").as("other_id"),
            lit("a prompt").as("how"));
  }

  private Dataset<Row> shared(Corpus corpus) {
    Dataset<Row> shared =
        runs(corpus.prompts(), "prompt_id")
            .join(runs(benchmarks, "id"), "run")
            .select("prompt_id", "run", "id");
    Dataset<Row> telling =
        shared
            .groupBy("run")
            .agg(count_distinct(col("prompt_id")).as("prompts"))
            .where(col("prompts").leq(settings.commonPrompts()));
    return shared
        .join(telling, "run")
        .groupBy("prompt_id")
        .agg(min("id").as("other_id"))
        .select(
            col("prompt_id"),
            lit(2).as("order"),
            col("other_id"),
            lit("%d words in a row of a prompt".formatted(settings.benchmarkWords())).as("how"));
  }

  private Dataset<Row> runs(Dataset<Row> texts, String id) {
    return texts
        .select(
            col(id), explode(Texts.runs(settings.benchmarkWords()).apply(col("text"))).as("run"))
        .distinct();
  }

  private Dataset<Row> near(Corpus corpus) {
    Dataset<Row> texts =
        side(corpus.prompts(), "prompt_id", NearTexts.TRAIN)
            .union(side(benchmarks, "id", NearTexts.BENCHMARK));
    Dataset<Row> links = near.links(texts).where("other_side != side");
    return NearPrompts.best(links, "a prompt")
        .select(col("prompt_id"), lit(3).as("order"), col("other_id"), col("detail").as("how"));
  }

  private static Dataset<Row> side(Dataset<Row> texts, String id, int side) {
    return texts.select(col(id).as("id"), lit(side).as("side"), col("text"));
  }
}
