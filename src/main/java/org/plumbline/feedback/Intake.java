package org.plumbline.feedback;

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
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.plumbline.table.RejectsTable;

/** One input, read: what could be kept and what could not. Close it when both are written. */
record Intake(SparkSession spark, RowParser parser, JavaRDD<Row> outcomes)
    implements AutoCloseable {
  /** Reads {@code files}, one task a file, each file in order and once. */
  static Intake of(SparkSession spark, List<SourceFile> files, RowParser parser) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    JavaRDD<Row> outcomes =
        context
            .parallelize(files, Math.max(1, files.size()))
            .flatMap(file -> rows(file, parser, configuration));
    return new Intake(spark, parser, outcomes.persist(StorageLevel.MEMORY_AND_DISK()));
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

  String input() {
    return parser.input();
  }

  Dataset<Row> kept() {
    return filled(RowParser.KEPT, parser.columns());
  }

  Dataset<Row> rejects() {
    return filled(RowParser.REJECT, RejectsTable.TABLE.schema());
  }

  private Dataset<Row> filled(int side, StructType columns) {
    return spark.createDataFrame(
        outcomes.filter(row -> !row.isNullAt(side)).map(row -> row.getStruct(side)), columns);
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
    long refused = rejects.getOrDefault(input(), 0L);
    if (rows != kept + refused) {
      throw new IllegalStateException(
          "Cannot account for all rows of %s: %d read, %d kept, %d rejected"
              .formatted(input(), rows, kept, refused));
    }
  }

  @Override
  public void close() {
    outcomes.unpersist();
  }
}
