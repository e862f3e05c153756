package org.plumbline.curate.hygiene;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.HygieneSettings;
import org.plumbline.table.FindingsTable;

/**
 * Looks for what should not be learned from. Judgments are looked at before votes are made of them,
 * votes before annotators are fitted to them, pairs when they are about to be written.
 */
public final class Hygiene {
  private final SparkSession spark;
  private final HygieneSettings settings;
  private final String folder;

  /**
   * Looks for what {@code settings} ask for.
   *
   * @param folder where findings are kept, which may go once they are read for the last time
   */
  public Hygiene(SparkSession spark, HygieneSettings settings, String folder) {
    this.spark = spark;
    this.settings = settings;
    this.folder = folder;
  }

  /**
   * Duplicates, near prompts, empty responses, outliers, personal data, leaks, contamination. What
   * is kept has lost judgments, and responses of judgments; prompts may have changed sides, and
   * texts be redacted, whose prompts keep their ids.
   *
   * @param judgments rows of the feedback table
   * @param prompts rows of the prompts table: what is held out there is held out, whoever judged it
   */
  public Findings judgments(Dataset<Row> judgments, Dataset<Row> prompts) {
    boolean redacts = settings.personalData().equals(Check.REDACT);
    Corpus written = Corpus.of(judgments, prompts);
    // What else is found has the ids of the texts that are left.
    Corpus left =
        redacts
            ? Corpus.of(Cleaning.redacted(judgments, settings.phoneRegion()), prompts)
            : written;
    List<Dataset<Row>> found = new ArrayList<>();
    NearTexts near = new NearTexts(settings.near());
    checks(left, near).forEach(check -> found.add(check.find(left)));
    if (on(settings.personalData())) {
      found.add(new PersonalData(settings.personalData(), settings.phoneRegion()).find(written));
    }
    Dataset<Row> rows = written("judgments", found);
    Dataset<Row> kept = Cleaning.of(left.judgments(), rows);
    near.release();
    written.release();
    left.release();
    return new Findings(rows, kept);
  }

  /**
   * Cycles, annotators who contradict themselves, and pairs of nearly equal responses.
   *
   * @param votes rows of the votes table
   * @param prompts what the votes are about, as {@link NearResponses#find} reads it
   */
  public Findings votes(Dataset<Row> votes, Dataset<Row> prompts) {
    List<Dataset<Row>> found = new ArrayList<>();
    if (on(settings.cycles())) {
      found.add(new Cycles(settings.cycles(), settings.samples()).find(votes));
    }
    var own = new SelfContradictions(settings.selfContradictions());
    if (on(settings.selfContradictions())) {
      found.add(own.find(votes));
    }
    if (on(settings.nearResponses())) {
      found.add(new NearResponses(settings.near(), settings.nearResponses()).find(prompts));
    }
    Dataset<Row> rows = written("votes", found);
    String pairs = "action = 'drop' and kind != 'self-contradictions'";
    Dataset<Row> drops = rows.where(pairs).select("pair_id").distinct();
    Dataset<Row> kept = votes;
    if (!drops.isEmpty()) {
      kept = kept.join(drops, kept.col("pair_id").equalTo(drops.col("pair_id")), "left_anti");
    }
    if (settings.selfContradictions().equals(Check.DROP)) {
      kept = own.keep(kept, votes);
    }
    return new Findings(rows, kept);
  }

  /**
   * Pairs that teach nothing: an empty response, equal responses, equal beginnings.
   *
   * @param pairs rows with {@code prompt_id}, {@code pair_id}, {@code chosen}, {@code rejected}
   */
  public Findings pairs(Dataset<Row> pairs) {
    UselessPairs check = UselessPairs.of(settings);
    return new Findings(written("pairs", List.of(check.find(pairs))), check.keep(pairs));
  }

  private List<Check> checks(Corpus corpus, NearTexts near) {
    List<Check> checks = new ArrayList<>();
    if (on(settings.duplicates()) || on(settings.anonymousDuplicates())) {
      checks.add(new DuplicateJudgments(settings.duplicates(), settings.anonymousDuplicates()));
    }
    checks.add(new Leaks(settings.leaks()));
    if (on(settings.nearPrompts()) || on(settings.nearLeaks())) {
      checks.add(
          new NearPrompts(
              near.links(NearPrompts.texts(corpus)), settings.nearPrompts(), settings.nearLeaks()));
    }
    if (on(settings.emptyResponses())) {
      checks.add(new EmptyResponses(settings.emptyResponses()));
    }
    if (on(settings.scriptOutliers())) {
      checks.add(new ScriptOutliers(settings.scriptOutliers()));
    }
    if (on(settings.lengthOutliers())) {
      checks.add(new LengthOutliers(settings.lengthOutliers(), settings.lengthDeviations()));
    }
    if (on(settings.contamination()) && !settings.benchmarks().isBlank()) {
      Dataset<Row> benchmarks = Contamination.read(spark, settings.benchmarks());
      checks.add(new Contamination(benchmarks, near, settings));
    }
    return checks;
  }

  private static boolean on(String action) {
    return !action.equals(Check.OFF);
  }

  /**
   * What was {@code found}, kept in a file: to read it costs nothing that was done to find it, and
   * no executor takes it along when it is lost.
   */
  private Dataset<Row> written(String name, List<Dataset<Row>> found) {
    String path = folder + "/" + name;
    Dataset<Row> none = FindingsTable.TABLE.empty(spark);
    Dataset<Row> rows = found.stream().reduce(none, Dataset::union);
    // Each check brings its own partitions, most of them empty.
    int files = spark.sessionState().conf().numShufflePartitions();
    FindingsTable.TABLE.write(rows.coalesce(files), path);
    return FindingsTable.TABLE.read(spark, path);
  }
}
