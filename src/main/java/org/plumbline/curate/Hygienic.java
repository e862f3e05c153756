package org.plumbline.curate;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.HygieneSettings;
import org.plumbline.curate.hygiene.Findings;
import org.plumbline.curate.hygiene.Hygiene;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.FindingsTable;
import org.plumbline.table.VotesTable;

/** Looks for what should not be learned from, first in judgments and then in votes. */
final class Hygienic {
  private static final String[] VOTE = {"prompt_id", "pair_id", "judgments"};
  private static final String FOLDER = "curate/findings";
  private static final String DROPPED = ": drop";

  private final SparkSession spark;
  private final RunFolder run;
  private final Hygiene hygiene;
  private final Findings judged;
  private Map<String, Long> counts = Map.of();
  private Findings voted;

  /** Looks at {@code feedback}, {@code prompts} being what else is held out. */
  Hygienic(
      SparkSession spark,
      RunFolder run,
      HygieneSettings settings,
      Dataset<Row> feedback,
      Dataset<Row> prompts) {
    this.spark = spark;
    this.run = run;
    this.hygiene = new Hygiene(spark, settings, run.at(FOLDER));
    this.judged = hygiene.judgments(feedback, prompts);
  }

  /** Judgments that may be learned from. */
  Dataset<Row> judgments() {
    return judged.kept();
  }

  /** Writes the votes table and looks at it; the dossiers that come back have what may stay. */
  Dossiers votes(Dossiers dossiers, String folder) {
    VotesTable.TABLE.write(dossiers.votes(), run.at("votes"));
    Dataset<Row> votes = VotesTable.TABLE.read(spark, run.at("votes"));
    voted = hygiene.votes(votes, dossiers.rows());
    if (voted.kept() == votes) {
      return dossiers;
    }
    Dataset<Row> gone =
        votes
            .select(VOTE[0], VOTE[1], VOTE[2])
            .except(voted.kept().select(VOTE[0], VOTE[1], VOTE[2]));
    Dossiers rest = dossiers.without(gone, folder);
    dossiers.close();
    VotesTable.TABLE.write(rest.votes(), run.at("votes"));
    return rest;
  }

  /** What was dropped, by check; complete once pairs were looked at. */
  Map<String, Long> drops() {
    Map<String, Long> drops = new TreeMap<>();
    counts.forEach(
        (name, findings) -> {
          if (name.endsWith(DROPPED)) {
            String check = name.substring(0, name.length() - DROPPED.length());
            drops.put("hygiene: " + check, findings);
          }
        });
    return drops;
  }

  /** All findings by check and action; complete once pairs were looked at. */
  Map<String, Long> counts() {
    return counts;
  }

  /** Looks at pairs that are to be written, and returns those that may be. */
  Dataset<Row> pairs(Dataset<Row> pairs) {
    Findings found = hygiene.pairs(pairs);
    FindingsTable.TABLE.write(
        judged.rows().union(voted.rows()).union(found.rows()), run.at("findings"));
    counts = new TreeMap<>();
    for (Row row :
        FindingsTable.TABLE
            .read(spark, run.at("findings"))
            .groupBy("kind", "action")
            .count()
            .collectAsList()) {
      counts.put(row.getString(0) + ": " + row.getString(1), row.getLong(2));
    }
    return found.kept();
  }

  void release() {
    run.delete(FOLDER);
  }
}
