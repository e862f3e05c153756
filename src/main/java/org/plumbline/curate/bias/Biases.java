package org.plumbline.curate.bias;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.config.BiasSettings;

/**
 * Measures what votes were for apart from quality. Votes for neither side and gold answers are left
 * out.
 */
public final class Biases {
  private Biases() {}

  /**
   * Measures the biases of {@code votes}. Shares are always there; log-odds only if enough pairs
   * have votes of several annotators, since nothing else tells quality from leaning.
   *
   * @param votes rows of the votes table
   * @param posteriors {@code pair_id}, and {@code left_better}: P(left is better), in [0, 1]
   */
  public static BiasReport measure(
      Dataset<Row> votes, Dataset<Row> posteriors, BiasSettings settings) {
    Dataset<Row> told = votes.where("preference <> 0 and not gold");
    Catalog catalog = Catalog.of(told, settings.models());
    JavaRDD<Ballots> prompts = Ballots.of(told, catalog).persist(StorageLevel.MEMORY_AND_DISK());
    BiasReport report =
        new BiasReport(
            estimates(prompts, catalog, settings),
            catalog.lengthScale(),
            LengthControl.effect(votes, posteriors, catalog.lengthScale()),
            votesByGroup(told));
    prompts.unpersist();
    return report;
  }

  private static List<BiasEstimate> estimates(
      JavaRDD<Ballots> prompts, Catalog catalog, BiasSettings settings) {
    Shares shares = Shares.measure(prompts, catalog);
    List<BiasEstimate> found = new ArrayList<>(shares.overall());
    List<BiasEstimate> own = new ArrayList<>(shares.byAnnotator(settings.minVotes()));
    // Where nobody votes on what others voted on, nothing tells quality from leaning.
    if (prompts.map(Ballots::shared).fold(0L, Long::sum) >= settings.minVotes()) {
      QualityFit fit = QualityFit.of(prompts, catalog, settings.iterations(), settings.minVotes());
      Leanings leanings = new Leanings(catalog, fit, settings.minVotes());
      found.addAll(leanings.overall(prompts, shares));
      own.addAll(leanings.byAnnotator(shares));
      own.addAll(GroupLoyalty.measure(prompts, fit.quality(), catalog, settings.minVotes()));
    }
    found.addAll(own.stream().filter(each -> each.annotator() == null).toList());
    found.addAll(own.stream().filter(each -> each.annotator() != null).toList());
    return found;
  }

  private static Map<String, Long> votesByGroup(Dataset<Row> votes) {
    Map<String, Long> byGroup = new TreeMap<>();
    for (Row row :
        votes
            .where("annotator_group is not null")
            .groupBy("annotator_group")
            .count()
            .collectAsList()) {
      byGroup.put(row.getString(0), row.getLong(1));
    }
    return byGroup;
  }
}
