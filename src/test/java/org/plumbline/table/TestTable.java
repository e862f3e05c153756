package org.plumbline.table;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.RunFolder;
import org.plumbline.testing.LocalSpark;

class TestTable {
  private final SparkSession spark = LocalSpark.session();
  @TempDir Path folder;
  private String path;

  @BeforeEach
  void write() {
    path = folder.resolve("metrics").toUri().toString();
    MetricsTable.TABLE.write(
        spark.createDataFrame(
            List.of(
                RowFactory.create("sft", 1L, "loss", 3.0, 0.0),
                RowFactory.create("sft", 2L, "loss", 2.0, 0.0),
                RowFactory.create("sft", 3L, "loss", 1.0, 0.0)),
            MetricsTable.TABLE.schema()),
        path);
  }

  private List<Object> steps() {
    return MetricsTable.TABLE
        .read(spark, path)
        .select("step")
        .orderBy("step")
        .collectAsList()
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  @Test
  void keepsWhatMeetsTheCondition() {
    MetricsTable.TABLE.keep(spark, path, col("step").leq(2));
    assertThat(steps()).containsExactly(1L, 2L);
    assertThat(folder).isDirectoryNotContaining("glob:**.kept");
  }

  @Test
  void finishesWhatWasStoppedHalfWay() throws IOException {
    Files.move(folder.resolve("metrics"), folder.resolve("metrics.kept"));
    MetricsTable.TABLE.keep(spark, path, col("step").leq(2));
    assertThat(steps()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aRunSaysWhatLiesInItByItsPlaceThere() {
    RunFolder run = new RunFolder(folder.toUri().toString(), new Configuration());
    assertThat(run.within(run.at("sft/checkpoint"))).isEqualTo("sft/checkpoint");
    assertThat(run.within("hdfs:///models/gpt2")).isEqualTo("hdfs:///models/gpt2");
  }
}
