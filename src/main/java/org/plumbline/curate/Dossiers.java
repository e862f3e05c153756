package org.plumbline.curate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.plumbline.stage.RunFolder;

/**
 * Everybody's judgments, by prompt: a folder of Parquet that later steps read by column, so that
 * texts are read once more only, when pairs are written. It is gone when curation is done.
 */
record Dossiers(Dataset<Row> rows, RunFolder run, String folder) implements AutoCloseable {
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
    try {
      run.fileSystem().delete(new Path(run.at(folder)), true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + run.at(folder), e);
    }
  }
}
