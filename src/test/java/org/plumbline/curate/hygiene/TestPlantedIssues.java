package org.plumbline.curate.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.curate.CurateStage;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.quickstart.QuickstartStage;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalSpark;

/** What is planted in the small world is found: how much of it, and how much else. */
@Tag("slow")
class TestPlantedIssues {
  private static final int CYCLES = 20;

  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void look() {
    spark = LocalSpark.session();
    Settings settings =
        SettingsReader.read(
            List.of(),
            List.of(
                "feedback.input=" + at("input/feedback.jsonl"),
                "feedback.prompts=" + at("input/prompts.jsonl"),
                "quickstart.demonstrations=100",
                "quickstart.faults.duplicates=0.02",
                "quickstart.faults.cycles=" + CYCLES,
                "quickstart.faults.leaks=40",
                "quickstart.faults.personal-data=20"));
    StageContext context =
        new StageContext(
            spark,
            new RunFolder(at(""), spark.sessionState().newHadoopConf()),
            settings,
            Progress.silent());
    new QuickstartStage(context).execute();
    new FeedbackStage(context).execute();
    new CurateStage(context).execute();
    spark.read().parquet(at("findings")).createOrReplaceTempView("found");
    spark.read().parquet(at("feedback/judgments")).createOrReplaceTempView("judgments");
    spark.read().json(at("input/faults-truth.jsonl")).createOrReplaceTempView("planted");
  }

  private static String at(String relative) {
    return folder.resolve(relative).toUri().toString();
  }

  private static Set<String> ids(String query) {
    return Set.copyOf(spark.sql(query).distinct().as(Encoders.STRING()).collectAsList());
  }

  private static double share(Set<String> of, Set<String> in) {
    return of.stream().collect(Collectors.averagingDouble(id -> in.contains(id) ? 1 : 0));
  }

  /** Prints both and returns recall, then precision. */
  private static double[] compare(String what, Set<String> planted, Set<String> found) {
    double[] both = {share(planted, found), share(found, planted)};
    System.out.printf(
        "%s: %d planted, %d found, recall %.2f, precision %.2f%n",
        what, planted.size(), found.size(), both[0], both[1]);
    return both;
  }

  private static Set<String> promptsWith(String fault) {
    return ids(
        "select prompt_id from judgments join (select explode(lines) as line from planted where "
            + fault
            + ") using (line)");
  }

  @Test
  void duplicates() {
    Set<String> planted = promptsWith("fault = 'duplicate'");
    double[] both =
        compare(
            "duplicates", planted, ids("select prompt_id from found where kind = 'duplicates'"));
    assertThat(both[0]).isGreaterThan(0.98);
    assertThat(both[1]).isGreaterThan(0.9);
  }

  /** Majorities of noisy people go round by themselves too, so only recall is bounded. */
  @Test
  void cycles() {
    double[] both =
        compare(
            "cycles",
            promptsWith("fault = 'cycle'"),
            ids("select prompt_id from found where kind = 'cycles'"));
    assertThat(both[0]).isGreaterThan(0.8);
  }

  @Test
  void leaks() {
    double[] exact =
        compare(
            "leaks",
            promptsWith("fault = 'leak' and detail = 'exact'"),
            ids("select prompt_id from found where kind = 'leaks'"));
    assertThat(exact[0]).isEqualTo(1);
    assertThat(exact[1]).isEqualTo(1);
  }

  /** A phrasing of this world may be near another, so that more than what was planted is found. */
  @Test
  void leaksInOtherWords() {
    double[] near =
        compare(
            "reworded leaks",
            promptsWith("fault = 'leak' and detail = 'reworded'"),
            ids("select prompt_id from found where kind = 'near-leaks'"));
    assertThat(near[0]).isGreaterThan(0.9);
  }

  @Test
  void personalData() {
    double[] both =
        compare(
            "personal data",
            promptsWith("fault = 'personal-data'"),
            ids("select prompt_id from found where kind = 'personal-data'"));
    assertThat(both[0]).isGreaterThan(0.75);
    assertThat(both[1]).isGreaterThan(0.8);
  }
}
