package org.plumbline.planning;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.PlanSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.table.PairsTable;
import org.plumbline.table.ScoresTable;
import org.plumbline.table.VotesTable;
import scala.collection.JavaConverters;

/** Pairs of the run, and those among them that are worth asking about first. */
record Candidates(StageContext context, PlanSettings settings) {
  /** A pair that nobody can be sure about: the sum of its votes may round. */
  private static final String TIED = "abs(balance) < 1e-9";

  /** In bits: 1 where both sides are as probable. */
  private static final Column ENTROPY =
      expr(
          "if(left_better in (0d, 1d), 0d,"
              + " -left_better * log2(left_better) - (1 - left_better) * log2(1 - left_better))");

  /** The first {@code count} by priority, then by id. */
  List<Candidate> open(int count) {
    Dataset<Row> votes = votes().where("not gold");
    Dataset<Row> pairs =
        PairsTable.TABLE
            .read(context.spark(), context.run().at("pairs"))
            .select("pair_id", "chosen_id", "probability");
    // A tie is no preference pair, but the first to be asked about.
    Dataset<Row> all =
        judged(votes)
            .join(pairs, JavaConverters.asScalaBuffer(List.of("pair_id")).toSeq(), "left")
            .withColumn(
                "left_better",
                when(col("chosen_id").equalTo(col("left_id")), col("probability"))
                    .when(col("chosen_id").isNotNull(), lit(1).minus(col("probability")))
                    .when(expr(TIED), lit(0.5)))
            .where("left_better is not null");
    return first(ranked(all), count);
  }

  /** Pairs whose right answer is known. */
  List<Candidate> gold(int count) {
    Dataset<Row> known = votes().where("gold").select("pair_id").distinct();
    Dataset<Row> asked =
        judged(votes().join(known, "pair_id"))
            .withColumn("left_better", lit(0.5))
            .withColumn("priority", lit(0.0));
    return first(asked, count);
  }

  private Dataset<Row> votes() {
    return VotesTable.TABLE.read(context.spark(), context.run().at("votes"));
  }

  private static Dataset<Row> judged(Dataset<Row> votes) {
    return votes
        .groupBy("pair_id", "prompt_id", "left_id", "right_id")
        .agg(
            expr("cast(sum(cast(preference as decimal(18, 9))) as double)").as("balance"),
            expr("collect_set(if(gold, null, annotator))").as("judges"));
  }

  private Dataset<Row> ranked(Dataset<Row> pairs) {
    if (settings.rank().equals("uncertainty")) {
      return pairs.withColumn("priority", ENTROPY);
    }
    return pairs
        .join(disagreement(), "pair_id")
        .withColumn("priority", coalesce(col("disagreement"), lit(0.0)));
  }

  /** Variance over reward models of what they take for the probability of the chosen side. */
  private Dataset<Row> disagreement() {
    List<String> paths =
        Arrays.stream(settings.scores().split(","))
            .map(String::strip)
            .filter(path -> !path.isEmpty())
            .toList();
    if (paths.size() < 2) {
      throw new IllegalArgumentException(
          "Invalid plan.scores: %s (must be two or more tables of scores for plan.rank=disagreement)"
              .formatted(settings.scores()));
    }
    return paths.stream()
        .map(path -> ScoresTable.TABLE.read(context.spark(), path))
        .reduce(Dataset::union)
        .orElseThrow()
        .groupBy("pair_id")
        .agg(expr("var_pop(1 / (1 + exp(rejected_score - chosen_score)))").as("disagreement"));
  }

  private static List<Candidate> first(Dataset<Row> pairs, int count) {
    return pairs
        .orderBy(col("priority").desc(), col("pair_id"))
        .limit(count)
        .select("pair_id", "prompt_id", "left_id", "right_id", "left_better", "priority", "judges")
        .collectAsList()
        .stream()
        .map(Candidate::of)
        .toList();
  }
}
