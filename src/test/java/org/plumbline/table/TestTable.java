package org.plumbline.table;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
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

  /** What was kept is whole, and of the table a part is gone. */
  private void stopHalfWay() throws IOException {
    Path table = folder.resolve("metrics");
    Path kept = Files.createDirectory(folder.resolve("metrics.kept"));
    try (Stream<Path> files = Files.list(table)) {
      for (Path file : files.toList()) {
        Files.copy(file, kept.resolve(file.getFileName()));
      }
    }
    Files.createFile(kept.resolve("_WHOLE"));
    try (Stream<Path> files = Files.list(table)) {
      Files.delete(
          files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
  }

  @Test
  void nothingIsLostOfWhatWasStoppedHalfWay() throws IOException {
    List<Object> before = steps();
    stopHalfWay();
    assertThat(steps()).isEqualTo(before);
    MetricsTable.TABLE.append(spark, List.of(RowFactory.create("sft", 9L, "loss", 1.0, 0.0)), path);
    assertThat(steps()).startsWith(before.toArray()).hasSize(before.size() + 1).endsWith(9L);
    assertThat(folder).isDirectoryNotContaining("glob:**.kept");
  }

  @Test
  void finishesWhatWasStoppedHalfWay() throws IOException {
    stopHalfWay();
    MetricsTable.TABLE.keep(spark, path, col("step").leq(2));
    assertThat(steps()).containsExactly(1L, 2L);
    assertThat(folder).isDirectoryNotContaining("glob:**.kept");
  }

  @Test
  void whatWasStoppedHalfWayIsNoPartOfANewTable() throws IOException {
    stopHalfWay();
    write();
    MetricsTable.TABLE.append(spark, List.of(RowFactory.create("sft", 4L, "loss", 0.5, 0.0)), path);
    MetricsTable.TABLE.keep(spark, path, col("step").geq(3));
    assertThat(steps()).containsExactly(3L, 4L);
  }

  @Test
  void whatTheDriverAddsIsAsWhatSparkAdds() {
    List<Row> more =
        List.of(
            RowFactory.create("sft", 4L, "loss", Double.NaN, 0.0),
            RowFactory.create("ppo", 5L, "kl", 0.5, 7.0));
    MetricsTable.TABLE.append(spark, more, path);
    MetricsTable.TABLE.append(spark, List.of(), path);
    String other = folder.resolve("other").toUri().toString();
    MetricsTable.TABLE.append(spark, more, other); // a table that is not there yet
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(MetricsTable.TABLE.read(spark, other).orderBy("step").collectAsList())
        .isEqualTo(more);
    assertThat(folder.resolve("other")).isDirectoryNotContaining("glob:**/_*.parquet");
  }

  @Test
  void theDriverAddsNoRowThatLacksWhatIsNeeded() {
    Row row = RowFactory.create("sft", null, "loss", 0.5, 0.0);
    assertThatThrownBy(() -> MetricsTable.TABLE.append(spark, List.of(row), path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a row of table metrics has no step: [sft,null,loss,0.5,0.0]");
    assertThat(steps()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void theDriverAddsArraysMapsAndWhatIsNull() {
    Row row =
        RowFactory.create(
            0,
            "ppo",
            "00000000000000a1",
            1,
            new int[] {2, 3},
            new int[] {4},
            "text",
            new float[] {-0.5f},
            new float[] {-0.25f},
            null,
            null,
            0.5,
            Map.of("score", 0.5),
            0.5,
            null,
            "stop",
            7L);
    RolloutsTable.TABLE.append(spark, List.of(row), path + "-rollouts");
    Row read = RolloutsTable.TABLE.read(spark, path + "-rollouts").first();
    assertThat(read.<Integer>getList(4)).containsExactly(2, 3);
    assertThat(read.<Float>getList(7)).containsExactly(-0.5f);
    assertThat(read.isNullAt(9)).isTrue();
    assertThat(read.<String, Double>getJavaMap(12)).isEqualTo(Map.of("score", 0.5));
    assertThat(read.getLong(16)).isEqualTo(7);
  }

  @Test
  void aRunSaysWhatLiesInItByItsPlaceThere() {
    RunFolder run = new RunFolder(folder.toUri().toString(), new Configuration());
    assertThat(run.within(run.at("sft/checkpoint"))).isEqualTo("sft/checkpoint");
    assertThat(run.within("hdfs:///models/gpt2")).isEqualTo("hdfs:///models/gpt2");
  }
}
