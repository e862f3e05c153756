package org.plumbline.curate;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.agreement.AgreementStatistics;
import org.plumbline.agreement.Answer;
import org.plumbline.agreement.KrippendorffAlpha;
import org.plumbline.agreement.LabelledItem;
import org.plumbline.agreement.Workers;

/**
 * How far the votes on a pair agree: left, right or a tie. Gold votes are not among them, and votes
 * that were made one on a large prompt count once. Null where there is nothing to tell.
 *
 * @param pairs with votes
 * @param votes all of them
 * @param comparablePairs pairs with two votes or more, which is what all else is of
 * @param raw share of pairs of votes on the same pair that say the same
 * @param fleissKappa by how much agreement exceeds chance (Fleiss 1971)
 * @param krippendorffAlpha the same by Krippendorff (2011), at the nominal level
 */
record Agreement(
    long pairs,
    long votes,
    long comparablePairs,
    Double raw,
    Double fleissKappa,
    Double krippendorffAlpha) {
  /** Left, tie, right. */
  private static final int LABELS = 3;

  /** Measures the votes of {@code dossiers}. */
  static Agreement of(Dataset<Row> dossiers) {
    JavaRDD<LabelledItem> items =
        dossiers
            .select("items")
            .javaRDD()
            .flatMap(
                row ->
                    Rows.list(row, 0, Item::of).stream()
                        .filter(item -> !item.opinions().isEmpty())
                        .map(Agreement::labelled)
                        .iterator());
    AgreementStatistics found = AgreementStatistics.of(items, LABELS, null);
    return new Agreement(
        found.items(),
        found.answers(),
        found.comparable(),
        orNull(found.raw()),
        orNull(found.fleiss()),
        orNull(found.alpha().get(KrippendorffAlpha.NOMINAL)));
  }

  /** Who voted does not matter here. */
  private static LabelledItem labelled(Item item) {
    List<Answer> answers =
        item.opinions().stream()
            .map(vote -> new Answer(Optional.empty(), 1 - vote.direction(), 1))
            .toList();
    return LabelledItem.of(item.id(), answers, Workers.of(List.of()));
  }

  private static Double orNull(double statistic) {
    return Double.isNaN(statistic) ? null : statistic;
  }
}
