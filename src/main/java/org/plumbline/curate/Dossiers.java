package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.plumbline.stage.RunFolder;

/**
 * Everybody's judgments, by prompt: a folder of Parquet that later steps read by column, so that
 * texts are read once more only, when pairs are written. It is gone when curation is done.
 */
record Dossiers(Dataset<Row> rows, RunFolder run, String folder) implements AutoCloseable {
  private static final String ITEM_BUT_VOTES =
      "item.pair_id as pair_id, item.left_id as left_id, item.right_id as right_id,"
          + " item.left_length as left_length, item.right_length as right_length,"
          + " item.left_model as left_model, item.right_model as right_model,"
          + " item.problem as problem, ";

  /** So many judgments go through a task at most, unless they are of one prompt. */
  private static final long JUDGMENTS_A_TASK = 200_000;

  /** Brings {@code feedback} together by prompt: the one shuffle that moves texts. */
  static Dossiers write(
      Dataset<Row> feedback, long judgments, DossierMaker maker, RunFolder run, String folder) {
    int tasks =
        (int)
            Math.max(
                feedback.sparkSession().sessionState().conf().numShufflePartitions(),
                judgments / JUDGMENTS_A_TASK + 1);
    feedback
        .mapPartitions(new Compaction(), Encoders.row(Compaction.TYPE))
        .repartition(tasks, col("prompt_id"))
        .sortWithinPartitions("prompt_id", "judgment_id")
        .mapPartitions(new PromptGroups(maker), Encoders.row(Dossier.TYPE))
        .write()
        .mode("overwrite")
        .parquet(run.at(folder));
    return new Dossiers(feedback.sparkSession().read().parquet(run.at(folder)), run, folder);
  }

  /** Rows of the votes table. */
  Dataset<Row> votes() {
    return rows.select(col("prompt_id"), col("split"), explode(col("items")).as("item"))
        .select("prompt_id", "split", "item.*")
        .withColumn("vote", explode(col("votes")))
        .drop("votes")
        .select("*", "vote.*");
  }

  /**
   * The same less some votes, in another folder.
   *
   * @param gone prompt_id, pair_id and judgments of votes to leave out
   */
  Dossiers without(Dataset<Row> gone, String to) {
    Dataset<Row> byPrompt =
        gone.groupBy("prompt_id")
            .agg(collect_set(struct(col("pair_id"), col("judgments"))).as("gone"));
    rows.join(byPrompt, new String[] {"prompt_id"}, "left_outer")
        .withColumn(
            "items",
            expr(
                "case when gone is null then items else filter(transform(items, item -> struct("
                    + ITEM_BUT_VOTES
                    + "filter(item.votes, vote -> not exists(gone, g -> g.pair_id = item.pair_id"
                    + " and g.judgments = vote.judgments)) as votes)),"
                    + " item -> size(item.votes) > 0) end"))
        .drop("gone")
        .write()
        .mode("overwrite")
        .parquet(run.at(to));
    return new Dossiers(rows.sparkSession().read().parquet(run.at(to)), run, to);
  }

  /** Counts of what became of judgments, over all prompts. */
  Map<String, Long> tallies() {
    Map<String, Long> tallies = new TreeMap<>();
    for (Row row :
        rows.select(explode(col("tallies")).as("tally"))
            .groupBy("tally.name")
            .agg(sum("tally.count"))
            .collectAsList()) {
      tallies.put(row.getString(0), row.getLong(1));
    }
    return tallies;
  }

  @Override
  public void close() {
    run.delete(folder);
  }
}
