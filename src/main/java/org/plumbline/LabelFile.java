package org.plumbline;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A table in a file, on any Hadoop file system: CSV with a header, JSON Lines or Parquet. */
record LabelFile(String file) {
  private static final String BROKEN = "_corrupt_record";

  /**
   * Reads columns as strings, under other names; blank is null. Rows that cannot be read have
   * nothing but nulls.
   *
   * @param columns their names in the result, and in the file
   * @throws IllegalArgumentException if there is no such file, column or format, or no row
   */
  Dataset<Row> read(SparkSession spark, Map<String, String> columns) {
    requireThere(spark.sparkContext().hadoopConfiguration());
    Dataset<Row> table = table(spark);
    List<String> there =
        Arrays.stream(table.columns()).filter(name -> !name.equals(BROKEN)).toList();
    if (there.isEmpty()) {
      throw new IllegalArgumentException("Cannot read %s: no rows".formatted(file));
    }
    List<Column> selected = new ArrayList<>();
    columns.forEach(
        (name, own) -> {
          if (!there.contains(own)) {
            throw new IllegalArgumentException(
                "Cannot read %s: no column %s (there are: %s)"
                    .formatted(file, own, String.join(", ", there)));
          }
          Column text = table.col("`" + own.replace("`", "``") + "`").cast("string");
          selected.add(functions.when(functions.trim(text).notEqual(""), text).as(name));
        });
    return table.select(selected.toArray(Column[]::new));
  }

  private void requireThere(Configuration hadoop) {
    try {
      Path path = new Path(file);
      if (!path.getFileSystem(hadoop).exists(path)) {
        throw new FileNotFoundException("no such file");
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          "Cannot read %s: %s".formatted(file, e.getMessage()), new IOException(e));
    }
  }

  private Dataset<Row> table(SparkSession spark) {
    String name = file.toLowerCase(Locale.ROOT).replaceFirst("/+$", "").replaceFirst("\\.gz$", "");
    DataFrameReader reader = spark.read();
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv" -> csv(reader, ",");
      case "tsv" -> csv(reader, "\t");
      case "jsonl", "ndjson" -> reader.option("primitivesAsString", true).json(file);
      case "parquet" -> reader.parquet(file);
      default ->
          throw new IllegalArgumentException(
              "Cannot read %s: unknown ending (must be .csv, .tsv, .jsonl, .ndjson or .parquet)"
                  .formatted(file));
    };
  }

  /** Quotes within quotes are doubled, and a quoted cell may have several lines (RFC 4180). */
  private Dataset<Row> csv(DataFrameReader reader, String separator) {
    return reader
        .option("header", true)
        .option("sep", separator)
        .option("escape", "\"")
        .option("multiLine", true)
        .csv(file);
  }
}
