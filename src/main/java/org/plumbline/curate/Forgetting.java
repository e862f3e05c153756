package org.plumbline.curate;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.FeedbackTable;
import org.plumbline.table.ForgottenPairsTable;
import org.plumbline.table.PairsIdentity;
import org.plumbline.table.PairsTable;
import org.plumbline.table.RatingsTable;
import org.plumbline.table.RejectsTable;
import org.plumbline.table.Table;
import org.plumbline.table.UnpairedTable;
import org.plumbline.table.VotesTable;

/**
 * What hangs on one annotator: judgments, votes, pairs and checkpoints. What would become of the
 * pairs is found by curating everybody else's judgments in a folder aside.
 */
public final class Forgetting {
  private static final String SCRATCH = "curate/forgetting";
  private static final String FEEDBACK = "feedback/judgments";
  private static final String REASON = "forgotten";
  private static final int LISTED = 100;
  private static final Column ACCEPTABLE =
      when(col("acceptable"), col("probability")).otherwise(lit(1).minus(col("probability")));
  private static final Column MOVED = abs(col("was").minus(col("becomes"))).gt(1e-9);

  private final SparkSession spark;
  private final StageContext context;
  private final String annotator;

  /** Of {@code annotator} in {@code context.run()}, which must have been curated. */
  public Forgetting(StageContext context, String annotator) {
    this.spark = context.spark();
    this.context = context;
    this.annotator = annotator;
  }

  /**
   * What hangs on the annotator.
   *
   * @param judgments of the annotator
   * @param votes that those have a part in
   * @param pairs that those votes are on, of those in the pairs table
   * @param vanishing of those, pairs that would be none
   * @param changing of those, pairs whose probability would be another
   * @param changingSide of those, pairs whose other side would be the better one
   * @param appearing pairs that the annotator's votes kept from being one
   * @param othersChanging pairs without such a vote whose probability would be another, since other
   *     annotators would be believed differently
   * @param unpaired responses judged alone, by the annotator too
   * @param unpairedVanishing of those, rows that would be none
   * @param unpairedChanging of those, rows with another verdict or another probability
   * @param ratings rated responses, by the annotator too
   * @param ratingsVanishing of those, rows that would be none
   * @param ratingsChanging of those, rows with another rating
   * @param vanishingPairs ids, the first {@value #LISTED}
   * @param changingPairs ids, the first {@value #LISTED}
   * @param checkpoints of this run that were trained on these pairs, single responses or ratings
   * @param applied whether the judgments were moved to the rejects
   */
  public record Result(
      String annotator,
      long judgments,
      long votes,
      long pairs,
      long vanishing,
      long changing,
      long changingSide,
      long appearing,
      long othersChanging,
      long unpaired,
      long unpairedVanishing,
      long unpairedChanging,
      long ratings,
      long ratingsVanishing,
      long ratingsChanging,
      List<String> vanishingPairs,
      List<String> changingPairs,
      List<String> checkpoints,
      boolean applied) {}

  /**
   * Looks, writes all pairs that hang on the annotator to {@code forget/pairs}, and forgets if
   * {@code apply} is set.
   *
   * @throws IllegalArgumentException if nobody of that name judged, or nothing was curated
   */
  public Result execute(boolean apply) {
    RunFolder run = context.run();
    Dataset<Row> feedback = FeedbackTable.TABLE.read(spark, run.at(FEEDBACK));
    Column own = col("annotator").eqNullSafe(lit(annotator));
    Dataset<Row> judgments = feedback.where(own).select("judgment_id");
    long count = judgments.count();
    if (count == 0) {
      throw new IllegalArgumentException(
          "Cannot forget " + annotator + ": no judgment of anybody of that name in " + run.uri());
    }
    Dataset<Row> before = PairsTable.TABLE.read(spark, run.at("pairs"));
    Dataset<Row> votes = VotesTable.TABLE.read(spark, run.at("votes"));
    Dataset<Row> touched =
        votes
            .select(col("pair_id"), col("judgments"), explode(col("judgments")).as("judgment_id"))
            .join(judgments, "judgment_id")
            .select("pair_id", "judgments")
            .distinct()
            .persist(StorageLevel.MEMORY_AND_DISK());
    RunFolder scratch = new RunFolder(run.at(SCRATCH), run.configuration());
    new CurateStage(context, scratch).execute(feedback.where(not(own)));
    Result result =
        compared(
            count,
            touched,
            before,
            PairsTable.TABLE.read(spark, scratch.at("pairs")),
            alone(UnpairedTable.TABLE, "unpaired_id", ACCEPTABLE, scratch),
            alone(RatingsTable.TABLE, "rating_id", col("rating"), scratch),
            PairsCheckpoints.of(
                run,
                Map.of(
                    "pairs",
                    PairsIdentity.of(before),
                    "unpaired",
                    PairsIdentity.ofUnpaired(read(UnpairedTable.TABLE, run)),
                    "ratings",
                    PairsIdentity.ofRatings(read(RatingsTable.TABLE, run)))),
            apply);
    context.run().delete(SCRATCH);
    touched.unpersist();
    if (apply) {
      forget(feedback, own);
    }
    return result;
  }

  private Result compared(
      long judgments,
      Dataset<Row> votes,
      Dataset<Row> before,
      Dataset<Row> after,
      Alone unpaired,
      Alone ratings,
      List<String> checkpoints,
      boolean applied) {
    Dataset<Row> changes = changes(votes, before, after);
    Dataset<Row> touched = changes.where("touched");
    Column was = col("was").isNotNull();
    Dataset<Row> vanishing = touched.where(was.and(col("becomes").isNull()));
    Dataset<Row> changing = touched.where(MOVED);
    Result result =
        new Result(
            annotator,
            judgments,
            votes.count(),
            touched.where(was).count(),
            vanishing.count(),
            changing.count(),
            changing.where(col("becomes").lt(0.5)).count(),
            touched.where(col("was").isNull().and(col("becomes").isNotNull())).count(),
            changes.where(MOVED.and(not(col("touched")))).count(),
            unpaired.rows(),
            unpaired.vanishing(),
            unpaired.changing(),
            ratings.rows(),
            ratings.vanishing(),
            ratings.changing(),
            first(vanishing),
            first(changing),
            checkpoints,
            applied);
    ForgottenPairsTable.TABLE.write(
        touched.withColumn("annotator", lit(annotator)), context.run().at("forget/pairs"));
    changes.unpersist();
    return result;
  }

  /** Responses that the annotator judged by themselves, and what became of them. */
  private record Alone(long rows, long vanishing, long changing) {}

  /** The annotator's rows of {@code table}, and what it {@code said} in {@code scratch}. */
  private Alone alone(Table table, String id, Column said, RunFolder scratch) {
    Dataset<Row> before =
        read(table, context.run())
            .where(array_contains(col("annotators"), annotator))
            .select(col(id), said.as("was"));
    Dataset<Row> after = read(table, scratch).select(col(id), said.as("becomes"));
    Row counts =
        before
            .join(after, new String[] {id}, "left_outer")
            .agg(count(lit(1)), count_if(col("becomes").isNull()), count_if(MOVED))
            .head();
    return new Alone(counts.getLong(0), counts.getLong(1), counts.getLong(2));
  }

  /**
   * A table that lies where its name says; one that was made before there was such a table is
   * empty.
   */
  private Dataset<Row> read(Table table, RunFolder run) {
    return run.has(table.name()) ? table.read(spark, run.at(table.name())) : table.empty(spark);
  }

  /** Of each pair, the probability of what is chosen now, and whether a vote is touched. */
  private static Dataset<Row> changes(Dataset<Row> votes, Dataset<Row> before, Dataset<Row> after) {
    Dataset<Row> was =
        before.select(
            col("pair_id"), col("chosen_id").as("chosen_was"), col("probability").as("was"));
    Dataset<Row> becomes =
        after.select(
            col("pair_id"), col("chosen_id").as("chosen_becomes"), col("probability").as("p"));
    Column turned = col("chosen_was").notEqual(col("chosen_becomes"));
    return was.join(becomes, new String[] {"pair_id"}, "full_outer")
        .join(
            votes.select("pair_id").distinct().withColumn("touches", lit(true)),
            new String[] {"pair_id"},
            "left_outer")
        .select(
            col("pair_id"),
            col("was"),
            when(turned, lit(1).minus(col("p"))).otherwise(col("p")).as("becomes"),
            col("touches").isNotNull().as("touched"))
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static List<String> first(Dataset<Row> pairs) {
    return pairs
        .select("pair_id")
        .orderBy("pair_id")
        .limit(LISTED)
        .as(Encoders.STRING())
        .collectAsList();
  }

  private void forget(Dataset<Row> feedback, Column own) {
    RunFolder run = context.run();
    RejectsTable.TABLE.append(
        feedback
            .where(own)
            .select(
                lit(REASON).as("reason"),
                lit("feedback").as("source"),
                col("file"),
                col("line"),
                lit(null).cast("string").as("raw")),
        run.at("rejects"));
    FeedbackTable.TABLE.keep(spark, run.at(FEEDBACK), not(own));
  }
}
