package org.plumbline.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.LocalSpark;

class LabelReportTest {
  /** A map of columns has another order in every process: tables go by name. */
  @Test
  void columnsAreKnownByNameWhateverTheirOrder() {
    Dataset<Row> answers =
        table("values ('no', 'a', '1'), ('no', 'b', '1'), ('no', 'a', '2') t(label, worker, item)");
    Dataset<Row> truth = table("values ('no', '1'), ('no', '2') t(truth, item)");
    LabelReport report =
        LabelReport.of(
            answers, Optional.of(truth), new LabelReport.Options(2, 0.01), Optional.empty());
    assertThat(report.labels()).isEqualTo(List.of("no"));
    assertThat(report.workers()).isEqualTo(2);
    assertThat(report.truth()).contains(new LabelReport.Truth(2, 0, 0));
    assertThat(report.methods().get(0).accuracy()).contains(1.0);
  }

  private static Dataset<Row> table(String values) {
    return LocalSpark.session().sql("select * from " + values);
  }
}
