package org.plumbline.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.collection.immutable.Map$;

/**
 * A Parquet table with a written schema and a version. The name and the version travel in the
 * metadata of the first column, so a folder of files says what it is, wherever it is copied.
 *
 * @param name the table's name, as in the specification
 * @param version raised whenever the meaning or the type of a column changes
 * @param schema every column, in order
 */
public record Table(String name, int version, StructType schema) implements Serializable {
  private static final String NAME_KEY = "plumbline.table";
  private static final String VERSION_KEY = "plumbline.version";

  /** In a folder of rows that are kept, once all of them are there. */
  private static final String WHOLE = "_WHOLE";

  /** Writes {@code rows} to {@code path}, replacing what is there. Columns are matched by name. */
  public void write(Dataset<Row> rows, String path) {
    Path kept = kept(path);
    try {
      // what a keep of the table before may have left
      files(rows.sparkSession(), kept).delete(kept, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + kept + ": " + e.getMessage(), e);
    }
    write(rows, path, SaveMode.Overwrite);
  }

  /** Adds {@code rows} to the table at {@code path}. Columns are matched by name. */
  public void append(Dataset<Row> rows, String path) {
    settle(rows.sparkSession(), path);
    write(rows, path, SaveMode.Append);
  }

  /**
   * Adds rows that the driver has, as one file and without a Spark job, which would take longer
   * than to write them. Whoever reads the table meanwhile sees all of them or none.
   *
   * @param rows with the columns of the schema, in its order
   * @throws IllegalArgumentException if nothing stands where the schema wants something
   */
  public void append(SparkSession spark, List<Row> rows, String path) {
    if (rows.isEmpty()) {
      return;
    }
    rows.forEach(row -> requireWhole(row, path));
    settle(spark, path);
    String name = UUID.randomUUID() + ".parquet";
    Path unfinished = new Path(path, "_" + name); // names that begin so are none of a table's
    Path file = new Path(path, "part-" + name);
    try {
      Job job = Job.getInstance(spark.sessionState().newHadoopConf());
      StructType stamped = stamped();
      OutputWriterFactory writers =
          new ParquetFileFormat().prepareWrite(spark, job, Map$.MODULE$.empty(), stamped);
      TaskAttemptContext task =
          new TaskAttemptContextImpl(job.getConfiguration(), new TaskAttemptID());
      OutputWriter writer = writers.newInstance(unfinished.toString(), stamped, task);
      try (Closeable whole = writer::close) {
        Function1<Object, Object> converter =
            CatalystTypeConverters.createToCatalystConverter(stamped);
        rows.forEach(row -> writer.write((InternalRow) converter.apply(row)));
      }
      if (!file.getFileSystem(job.getConfiguration()).rename(unfinished, file)) {
        throw new IOException(unfinished + " cannot be renamed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot append to " + path + ": " + e.getMessage(), e);
    }
  }

  private void requireWhole(Row row, String path) {
    for (int i = 0; i < schema.size(); i++) {
      if (!schema.fields()[i].nullable() && row.isNullAt(i)) {
        throw new IllegalArgumentException(
            "Cannot append to %s: a row of table %s has no %s: %s"
                .formatted(path, this.name, schema.fields()[i].name(), row));
      }
    }
  }

  /** Columns that may be null, as those are that Spark writes. */
  private StructType stamped() {
    StructField[] fields = ((StructType) schema.asNullable()).fields().clone();
    StructField first = fields[0];
    fields[0] = new StructField(first.name(), first.dataType(), first.nullable(), stamp());
    return new StructType(fields);
  }

  /**
   * Drops the rows of the table at {@code path} that do not meet {@code condition}. Should it be
   * stopped half way, readers find the rows that meet it, or all as before.
   */
  public void keep(SparkSession spark, String path, Column condition) {
    Path kept = kept(path);
    Path whole = new Path(kept, WHOLE);
    try {
      FileSystem files = files(spark, kept);
      if (!files.exists(whole)) {
        write(read(spark, path).where(condition), kept.toString(), SaveMode.Overwrite);
        files.create(whole, true).close();
      }
      // Written twice, since on S3 a folder is renamed file by file, and may be stopped in between.
      write(read(spark, path).where(condition), path, SaveMode.Overwrite);
      files.delete(whole, false);
      files.delete(kept, true);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot rewrite " + path + ": " + e.getMessage(), e);
    }
  }

  /** Where the rows of the table at {@code path} are: elsewhere if a keep was stopped half way. */
  private static String rowsOf(SparkSession spark, String path) {
    Path kept = kept(path);
    try {
      return files(spark, kept).exists(new Path(kept, WHOLE)) ? kept.toString() : path;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look up " + kept + ": " + e.getMessage(), e);
    }
  }

  /** Brings the rows back to {@code path} before others come to them. */
  private void settle(SparkSession spark, String path) {
    if (!rowsOf(spark, path).equals(path)) {
      keep(spark, path, functions.lit(true));
    }
  }

  private static Path kept(String path) {
    return new Path(path).suffix(".kept");
  }

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sessionState().newHadoopConf());
  }

  private void write(Dataset<Row> rows, String path, SaveMode mode) {
    List<String> missing =
        Arrays.stream(schema.fieldNames())
            .filter(column -> !Arrays.asList(rows.columns()).contains(column))
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot write table " + name + ": columns " + missing + " are missing");
    }
    rows.select(columns()).write().mode(mode).parquet(path);
  }

  private Column[] columns() {
    StructField[] fields = schema.fields();
    Column[] columns = new Column[fields.length];
    for (int i = 0; i < fields.length; i++) {
      // What was read from Parquet may be null anywhere, and would not be cast to what may not.
      Column column = functions.col(fields[i].name()).cast(fields[i].dataType().asNullable());
      columns[i] = i == 0 ? column.as(fields[i].name(), stamp()) : column.as(fields[i].name());
    }
    return columns;
  }

  private Metadata stamp() {
    return new MetadataBuilder().putString(NAME_KEY, name).putLong(VERSION_KEY, version).build();
  }

  /** The table without a row. */
  public Dataset<Row> empty(SparkSession spark) {
    return spark.createDataFrame(List.of(), schema);
  }

  /**
   * Reads the table at {@code path}.
   *
   * @throws IllegalArgumentException if there is none, or if it is another table or version
   */
  public Dataset<Row> read(SparkSession spark, String path) {
    Dataset<Row> rows;
    try {
      rows = spark.read().parquet(rowsOf(spark, path));
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        throw new IllegalArgumentException(
            "Cannot read table " + name + ": nothing readable at " + path, e);
      }
      throw e;
    }
    Metadata found = rows.schema().fields()[0].metadata();
    if (!found.contains(NAME_KEY) || !found.getString(NAME_KEY).equals(name)) {
      throw new IllegalArgumentException(
          "Cannot read table " + name + ": " + path + " holds another table");
    }
    if (found.getLong(VERSION_KEY) != version) {
      throw new IllegalArgumentException(
          "Cannot read table %s: version %d at %s (must be %d)"
              .formatted(name, found.getLong(VERSION_KEY), path, version));
    }
    return rows;
  }
}
