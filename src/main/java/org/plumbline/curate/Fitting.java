package org.plumbline.curate;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.agreement.AnnotatedBradleyTerry;
import org.plumbline.agreement.AnnotatorModel;
import org.plumbline.agreement.AnnotatorPrior;
import org.plumbline.agreement.ClassPrior;
import org.plumbline.agreement.DawidSkene;
import org.plumbline.agreement.Fit;
import org.plumbline.agreement.FitSettings;
import org.plumbline.agreement.LabelledItem;
import org.plumbline.agreement.Majority;
import org.plumbline.agreement.OneCoin;
import org.plumbline.agreement.Workers;
import org.plumbline.config.CurateSettings;
import org.plumbline.curate.bias.Mitigations;

/** Fits whom to believe, by the method that settings name. */
record Fitting(CurateSettings settings, IntConsumer round) {
  /** When no annotator's accuracy moves by more, further rounds would change nothing. */
  private static final double SETTLED = 1e-6;

  private static final String MAJORITY = "majority";
  private static final String ONE_COIN = "one-coin";
  private static final String DAWID_SKENE = "dawid-skene";
  private static final String BRADLEY_TERRY = "bradley-terry";

  /** A model, and how many rounds it took. */
  record Fitted(Belief belief, int rounds) {}

  /** What a method is, in a sentence. */
  static String means(String method) {
    return switch (method) {
      case MAJORITY -> "the share of votes, whoever gave them";
      case ONE_COIN ->
          "votes count by how often their annotator is right, fitted to agreement with others; one"
              + " number an annotator, so that it holds with few judgments each";
      case DAWID_SKENE ->
          "votes count by how often their annotator says left or right where left or right is"
              + " better, fitted to agreement with others; two numbers an annotator";
      case BRADLEY_TERRY ->
          "every response to a prompt has an ability that all votes on the prompt tell of, and"
              + " votes count by how often their annotator means them; one number an annotator";
      default -> throw invalid(method);
    };
  }

  private static IllegalArgumentException invalid(String method) {
    return new IllegalArgumentException(
        "Invalid curate.method: %s (must be one of %s)"
            .formatted(method, String.join(", ", MAJORITY, ONE_COIN, DAWID_SKENE, BRADLEY_TERRY)));
  }

  /** By votes on pairs of {@code dossiers}; pairs of one prompt belong together. */
  Fitted pairs(Dataset<Row> dossiers, Mitigations mitigations) {
    return fit(
        dossiers
            .select("items")
            .javaRDD()
            .map(
                row ->
                    Rows.list(row, 0, Item::of).stream()
                        .map(item -> Ballots.of(item, mitigations))
                        .toList()));
  }

  /** By yes and no to responses of {@code dossiers}, each of which is a question of its own. */
  Fitted verdicts(Dataset<Row> dossiers) {
    return fit(
        dossiers
            .select("verdicts")
            .javaRDD()
            .flatMap(
                row ->
                    Rows.list(row, 0, Verdict::of).stream()
                        .map(verdict -> List.of(Ballots.of(verdict)))
                        .iterator()));
  }

  /** By nothing: what was expected of everybody. */
  Fitted nothing() {
    Workers nobody = Workers.of(List.of());
    OneCoin model = OneCoin.prior(fitSettings(), ModelBelief.SIDES, nobody.size());
    return new Fitted(new ModelBelief(model, nobody), 0);
  }

  /** Sides lie as hashes of their texts do, so that neither is better before anybody votes. */
  private FitSettings fitSettings() {
    return new FitSettings(
        new AnnotatorPrior(settings.annotatorAccuracy(), settings.annotatorPrior()),
        ClassPrior.UNIFORM,
        settings.iterations(),
        SETTLED);
  }

  /** By {@code questions}; those of a list belong together. */
  Fitted fit(JavaRDD<List<Ballots>> questions) {
    JavaRDD<List<Ballots>> named = questions.persist(StorageLevel.MEMORY_AND_DISK_SER());
    Workers workers =
        Workers.of(
            named
                .flatMap(
                    list ->
                        list.stream()
                            .flatMap(each -> Arrays.stream(each.workers()))
                            .filter(Objects::nonNull)
                            .iterator())
                .distinct()
                .collect());
    return settings.method().equals(BRADLEY_TERRY)
        ? contests(named, workers)
        : items(named, workers);
  }

  private Fitted contests(JavaRDD<List<Ballots>> questions, Workers workers) {
    return cached(
        questions.map(list -> ContestBelief.contest(list, workers)),
        questions,
        contests -> {
          Fit<AnnotatedBradleyTerry> fit =
              AnnotatedBradleyTerry.fit(contests, workers.size(), fitSettings(), listener());
          return new Fitted(new ContestBelief(fit.model(), workers), fit.rounds());
        });
  }

  private Fitted items(JavaRDD<List<Ballots>> questions, Workers workers) {
    return cached(
        questions.flatMap(
            list -> list.stream().map(each -> ModelBelief.item(each, workers)).iterator()),
        questions,
        items -> {
          Fit<? extends AnnotatorModel> fit = items(items, workers.size());
          return new Fitted(new ModelBelief(fit.model(), workers), fit.rounds());
        });
  }

  private Fit<? extends AnnotatorModel> items(JavaRDD<LabelledItem> items, int workers) {
    int sides = ModelBelief.SIDES;
    return switch (settings.method()) {
      case MAJORITY ->
          new Fit<>(Majority.fit(items, sides, workers, settings.annotatorAccuracy()), 0, 0, true);
      case ONE_COIN -> OneCoin.fit(items, sides, workers, fitSettings(), listener());
      case DAWID_SKENE -> DawidSkene.fit(items, sides, workers, fitSettings(), listener());
      default -> throw invalid(settings.method());
    };
  }

  /** Fits to {@code numbers}, which take the place of the {@code questions} they are made of. */
  private static <T> Fitted cached(
      JavaRDD<T> numbers, JavaRDD<List<Ballots>> questions, Function<JavaRDD<T>, Fitted> fit) {
    JavaRDD<T> cached = numbers.persist(StorageLevel.MEMORY_AND_DISK_SER());
    cached.count();
    questions.unpersist();
    Fitted fitted = fit.apply(cached);
    cached.unpersist();
    return fitted;
  }

  private Fit.Listener listener() {
    return (rounds, change) -> round.accept(rounds);
  }
}
