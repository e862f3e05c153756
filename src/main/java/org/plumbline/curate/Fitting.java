package org.plumbline.curate;

import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.config.CurateSettings;
import org.plumbline.curate.bias.Mitigations;

/** Fits whom to believe, by the method that settings name. */
record Fitting(CurateSettings settings, IntConsumer round) {
  /** When no annotator's accuracy moves by more, further rounds would change nothing. */
  private static final double SETTLED = 1e-6;

  private static final String MAJORITY = "majority";

  /** A model, and how many rounds it took. */
  record Fitted(Belief belief, int rounds) {}

  /** What a method is, in a sentence. */
  static String means(String method) {
    return switch (method) {
      case MAJORITY -> "every vote counts the same, whoever gave it";
      case "one-coin" ->
          "votes count by how often their annotator is right, fitted to agreement with others; one"
              + " number an annotator, so that it holds with few judgments each";
      default -> throw new IllegalArgumentException("Invalid curate.method: " + method);
    };
  }

  /** By votes on pairs of {@code dossiers}. */
  Fitted pairs(Dataset<Row> dossiers, Mitigations mitigations) {
    return fit(
        dossiers
            .select("items")
            .javaRDD()
            .flatMap(
                row ->
                    Rows.list(row, 0, Item::of).stream()
                        .map(item -> Ballots.of(item, mitigations))
                        .iterator()));
  }

  /** By yes and no to responses of {@code dossiers}. */
  Fitted verdicts(Dataset<Row> dossiers) {
    return fit(
        dossiers
            .select("verdicts")
            .javaRDD()
            .flatMap(row -> Rows.list(row, 0, Verdict::of).stream().map(Ballots::of).iterator()));
  }

  /** By nothing: what was expected of everybody. */
  Fitted nothing() {
    return new Fitted(prior(), 0);
  }

  private OneCoin prior() {
    return OneCoin.prior(settings.annotatorAccuracy(), settings.annotatorPrior());
  }

  private Fitted fit(JavaRDD<Ballots> questions) {
    if (settings.method().equals(MAJORITY)) {
      return nothing();
    }
    JavaRDD<Ballots> cached = questions.persist(StorageLevel.MEMORY_AND_DISK_SER());
    OneCoin model = prior();
    int rounds = 0;
    double change = Double.POSITIVE_INFINITY;
    while (rounds < settings.iterations() && change >= SETTLED) {
      round.accept(++rounds);
      OneCoin refitted = model.refit(cached);
      change = refitted.changeSince(model);
      model = refitted;
    }
    cached.unpersist();
    return new Fitted(model, rounds);
  }
}
