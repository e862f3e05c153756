package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.plumbline.config.CurateSettings;
import org.plumbline.table.RatingsTable;

/**
 * Makes rows of {@link RatingsTable} of a prompt's dossier (prompt_id, split, prompt, texts,
 * ratings). With z_a the mean of annotator a's calibrated ratings of the response, and w_a = max(0,
 * 2 p_a - 1) what p_a, the probability of preferring the better of two, has above chance: the
 * rating is (sum of w_a z_a) / (sum of w_a), and the row weighs the mean of w_a. Each rating that
 * nobody is named for is one of somebody. Gold ratings are taken as they are, with weight 1.
 */
record RatingRows(Belief belief, boolean byPrompt) implements AloneRows {
  RatingRows(Belief belief, CurateSettings settings) {
    this(belief, settings.weightsByPrompt());
  }

  @Override
  public Optional<String> drop(Verdict verdict) {
    if (verdict.problem() != null) {
      return Optional.of("ratings: " + verdict.problem());
    }
    return weighed(verdict).weight() == 0
        ? Optional.of("ratings: no annotator is better than chance")
        : Optional.empty();
  }

  /** What all together say of a response, and how much that is worth. */
  record Weighed(double rating, double weight) {}

  Weighed weighed(Verdict verdict) {
    List<Verdict.Say> gold = verdict.says().stream().filter(Verdict.Say::gold).toList();
    if (!gold.isEmpty()) {
      return new Weighed(mean(gold), 1);
    }
    double sum = 0;
    double weights = 0;
    List<List<Verdict.Say>> raters = raters(verdict);
    for (List<Verdict.Say> own : raters) {
      double weight = Math.max(0, 2 * belief.reliability(own.get(0).annotator()) - 1);
      sum += weight * mean(own);
      weights += weight;
    }
    return new Weighed(weights == 0 ? 0 : sum / weights, weights / raters.size());
  }

  private static List<List<Verdict.Say>> raters(Verdict verdict) {
    Map<String, List<Verdict.Say>> named = new TreeMap<>();
    List<List<Verdict.Say>> raters = new ArrayList<>();
    for (Verdict.Say say : verdict.opinions()) {
      say.annotator()
          .ifPresentOrElse(
              name -> named.computeIfAbsent(name, key -> new ArrayList<>()).add(say),
              () -> raters.add(List.of(say)));
    }
    raters.addAll(named.values());
    return raters;
  }

  private static double mean(List<Verdict.Say> says) {
    return says.stream().mapToDouble(Verdict.Say::value).average().orElseThrow();
  }

  @Override
  public Row row(Row dossier, Verdict verdict, double share, String response) {
    Weighed weighed = weighed(verdict);
    return RowFactory.create(
        verdict.id(),
        dossier.getString(0),
        dossier.get(2),
        response,
        verdict.response(),
        weighed.rating(),
        weighed.weight() * share,
        verdict.says().size(),
        verdict.sources(),
        verdict.annotators(),
        dossier.getString(1));
  }
}
