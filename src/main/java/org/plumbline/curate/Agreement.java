package org.plumbline.curate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.agreement.AgreementStatistics;
import org.plumbline.agreement.Answer;
import org.plumbline.agreement.KrippendorffAlpha;
import org.plumbline.agreement.LabelledItem;
import org.plumbline.agreement.PairwiseKappas;
import org.plumbline.agreement.Workers;
import org.plumbline.curate.bias.Mitigations;

/**
 * How far the votes on a pair agree: left, right or a tie. Gold votes are not among them, and votes
 * that were made one on a large prompt count once. Null where there is nothing to tell.
 *
 * @param pairs with votes
 * @param votes all of them, those of one annotator on one pair taken as one
 * @param comparablePairs pairs with two votes or more, which is what all else is of
 * @param raw share of pairs of votes on the same pair that say the same
 * @param fleissKappa by how much agreement exceeds chance (Fleiss 1971)
 * @param krippendorffNominal the same by Krippendorff (2011), labels being the same or not
 * @param krippendorffOrdinal the same, a tie lying between left and right
 * @param cohenKappa mean of Cohen's kappa (1960) over every two of the annotators with most votes
 * @param cohenPairs how many such twos have judged a pair in common
 */
record Agreement(
    long pairs,
    long votes,
    long comparablePairs,
    Double raw,
    Double fleissKappa,
    Double krippendorffNominal,
    Double krippendorffOrdinal,
    Double cohenKappa,
    long cohenPairs) {
  /** Left, tie, right. */
  private static final double[] LABELS = {-1, 0, 1};

  /** Measures the votes of {@code dossiers}, which {@code annotators} gave. */
  static Agreement of(Dataset<Row> dossiers, Collection<String> annotators) {
    Workers workers = Workers.of(annotators);
    JavaRDD<LabelledItem> items =
        dossiers
            .select("items")
            .javaRDD()
            .flatMap(
                row ->
                    Rows.list(row, 0, Item::of).stream()
                        .filter(item -> !item.opinions().isEmpty())
                        .map(item -> labelled(item, workers))
                        .iterator())
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    AgreementStatistics found = AgreementStatistics.of(items, LABELS.length, LABELS);
    DoubleSummaryStatistics cohen = PairwiseKappas.of(items, workers, LABELS.length).summary();
    items.unpersist();
    return new Agreement(
        found.items(),
        found.answers(),
        found.comparable(),
        orNull(found.raw()),
        orNull(found.fleiss()),
        orNull(found.alpha().get(KrippendorffAlpha.NOMINAL)),
        orNull(found.alpha().get(KrippendorffAlpha.ORDINAL)),
        cohen.getCount() == 0 ? null : cohen.getAverage(),
        cohen.getCount());
  }

  private static LabelledItem labelled(Item item, Workers workers) {
    Ballots ballots = Ballots.of(item, Mitigations.none());
    List<Answer> answers = new ArrayList<>();
    int[] voices = ballots.voices();
    for (int i = 0; i < voices.length; i++) {
      answers.add(new Answer(Optional.ofNullable(ballots.workers()[i]), 1 - voices[i], 1));
    }
    return LabelledItem.of(item.id(), answers, workers);
  }

  private static Double orNull(double statistic) {
    return Double.isNaN(statistic) ? null : statistic;
  }
}
