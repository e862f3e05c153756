package org.plumbline.feedback;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/** One input, read: what could be kept and what could not. Close it when both are written. */
record Intake(String input, Dataset<Row> outcomes) implements AutoCloseable {
  /** Reads {@code files}, one task a file, each file in order and once. */
  static Intake of(SparkSession spark, List<SourceFile> files, RowParser parser) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    JavaRDD<Row> rows =
        context
            .parallelize(files, Math.max(1, files.size()))
            .flatMap(file -> rows(file, parser, configuration));
    Dataset<Row> outcomes = spark.createDataFrame(rows, parser.schema());
    return new Intake(parser.input(), outcomes.persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static Iterator<Row> rows(
      SourceFile file, RowParser parser, SerializableConfiguration configuration) {
    RawRows raw = RawRows.open(file.uri(), configuration.value());
    TaskContext.get()
        .addTaskCompletionListener(
            task -> {
              try {
                raw.close();
              } catch (IOException e) {
                throw new UncheckedIOException("Cannot close " + file.uri(), e);
              }
            });
    Stream<RawRow> rows = StreamSupport.stream(Spliterators.spliteratorUnknownSize(raw, 0), false);
    return rows.map(row -> parser.parse(file, row)).iterator();
  }

  Dataset<Row> kept() {
    return outcomes.where(col("kept").isNotNull()).select("kept.*");
  }

  Dataset<Row> rejects() {
    return outcomes.where(col("reject").isNotNull()).select("reject.*");
  }

  long rows() {
    return outcomes.count();
  }

  /**
   * Nothing is lost: what was read is what was written.
   *
   * @param rows rows read, as {@link #rows} counts them
   * @param kept rows that came out of this input
   * @param rejects rejects by input
   */
  void requireConserved(long rows, long kept, Map<String, Long> rejects) {
    long refused = rejects.getOrDefault(input, 0L);
    if (rows != kept + refused) {
      throw new IllegalStateException(
          "Cannot account for all rows of %s: %d read, %d kept, %d rejected"
              .formatted(input, rows, kept, refused));
    }
  }

  @Override
  public void close() {
    outcomes.unpersist();
  }
}
