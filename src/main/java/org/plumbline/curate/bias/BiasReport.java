package org.plumbline.curate.bias;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.plumbline.table.BiasesTable;

/**
 * What was measured, and what mitigations need to know of it.
 *
 * @param estimates everybody's first, then each annotator's
 * @param lengthScale standard deviation of differences of length, in characters
 * @param lengthEffect nats of the posteriors' log-odds that go with tanh(difference / scale)
 * @param votesByGroup votes of annotators of each group
 */
public record BiasReport(
    List<BiasEstimate> estimates,
    double lengthScale,
    double lengthEffect,
    Map<String, Long> votesByGroup) {

  /** Everybody's {@code bias} by {@code measure}; empty if the votes cannot show it. */
  public Optional<BiasEstimate> overall(String bias, String measure) {
    return estimates.stream()
        .filter(each -> each.annotator() == null && each.subject() == null)
        .filter(each -> each.bias().equals(bias) && each.measure().equals(measure))
        .findFirst();
  }

  /** The {@code bias} of each annotator by {@code measure}, whatever its subject. */
  public List<BiasEstimate> byAnnotator(String bias, String measure) {
    return estimates.stream()
        .filter(each -> each.annotator() != null)
        .filter(each -> each.bias().equals(bias) && each.measure().equals(measure))
        .toList();
  }

  /** The rows of {@link BiasesTable}. */
  public Dataset<Row> rows(SparkSession spark) {
    List<Row> rows =
        estimates.stream()
            .map(
                each ->
                    RowFactory.create(
                        each.bias(),
                        each.measure(),
                        each.annotator(),
                        each.subject(),
                        each.estimate(),
                        each.low(),
                        each.high(),
                        each.neutral(),
                        each.pValue(),
                        each.n()))
            .toList();
    return spark.createDataFrame(rows, BiasesTable.TABLE.schema());
  }
}
