package org.plumbline.curate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.plumbline.config.CurateSettings;
import org.plumbline.curate.bias.Mitigations;
import org.plumbline.stage.RunFolder;

/**
 * One way through the judgments: votes, whom to believe by them, and what is known of everybody.
 *
 * @param excluded judgments that were left out before
 */
record Pass(
    Census census,
    Dossiers dossiers,
    Fitting.Fitted pairs,
    Fitting.Fitted verdicts,
    Panel panel,
    long excluded)
    implements AutoCloseable {
  static final String FOLDER = "curate/dossiers";

  /** Goes through judgments, and once more without the flagged if settings ask for it. */
  static Pass through(Hygienic clean, CurateSettings settings, RunFolder run, Fitting fitting) {
    Dataset<Row> feedback = clean.judgments();
    Pass all = once(feedback, clean, settings, run, fitting);
    List<String> flagged = all.panel().flagged();
    if (!settings.excludeFlagged() || flagged.isEmpty()) {
      return all;
    }
    Dataset<Row> names =
        feedback.sparkSession().createDataset(flagged, Encoders.STRING()).toDF("annotator");
    Dataset<Row> others = feedback.join(names, new String[] {"annotator"}, "left_anti");
    Pass rest = once(others, clean, settings, run, fitting);
    return new Pass(
        rest.census,
        rest.dossiers,
        rest.pairs,
        rest.verdicts,
        rest.panel.with(all.panel),
        all.census.total() - rest.census.total());
  }

  private static Pass once(
      Dataset<Row> feedback,
      Hygienic clean,
      CurateSettings settings,
      RunFolder run,
      Fitting fitting) {
    Census census = Census.of(feedback, settings.spam().fastSeconds());
    DossierMaker maker =
        DossierMaker.with(
            census.calibration(settings.annotatorPrior()),
            settings.maxResponses(),
            settings.maxVotes());
    Dossiers dossiers =
        clean.votes(Dossiers.write(feedback, census.total(), maker, run, FOLDER), FOLDER + "-kept");
    Fitting.Fitted pairs = fitting.pairs(dossiers.rows(), Mitigations.none());
    Fitting.Fitted verdicts =
        census.judgmentsByKind().containsKey("binary")
            ? fitting.verdicts(dossiers.rows())
            : fitting.nothing();
    Panel panel = Panel.of(census, dossiers, pairs.belief(), verdicts.belief(), settings.spam());
    return new Pass(census, dossiers, pairs, verdicts, panel, 0);
  }

  /** Judgments that compare nothing and say nothing of a response by itself, by kind. */
  Map<String, Long> unused(Map<String, Long> tallies) {
    Map<String, Long> unused = new TreeMap<>(census.judgmentsByKind());
    unused.replaceAll(
        (kind, judgments) -> judgments - tallies.getOrDefault(DossierMaker.USED + kind, 0L));
    unused.values().removeIf(judgments -> judgments == 0);
    return unused;
  }

  @Override
  public void close() {
    dossiers.close();
  }
}
