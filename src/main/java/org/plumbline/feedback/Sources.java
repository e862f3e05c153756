package org.plumbline.feedback;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Rows of whatever Spark can reach, all as JSON: files by their ending, tables of the catalog, and
 * formats that the user's own packages bring.
 *
 * @param reader {@code auto}, {@code json}, {@code csv}, {@code parquet}, or a format of Spark's
 */
record Sources(SparkSession spark, String reader) {
  private static final Set<String> BY_FILE = Set.of("auto", "json", "csv", "parquet");
  private static final String TABLE = "table:";

  /** Bytes of JSON Lines that one task reads. */
  private static final long PIECE = 32L << 20;

  /**
   * The rows of {@code input}.
   *
   * @param key the setting that it comes from
   */
  JavaRDD<Placed> rows(String key, String input) {
    if (input.startsWith(TABLE)) {
      return table(spark.table(input.substring(TABLE.length())), input);
    }
    if (!BY_FILE.contains(reader)) {
      return table(spark.read().format(reader).load(input), input);
    }
    List<SourceFile> parquet = new ArrayList<>();
    List<Piece> pieces = new ArrayList<>();
    for (SourceFile file : SourceFile.list(key, input, configuration())) {
      if (is("parquet", file.isParquet())) {
        parquet.add(file);
      } else {
        pieces.addAll(cut(file));
      }
    }
    JavaRDD<Placed> text = text(numbered(pieces));
    return parquet.isEmpty() ? text : text.union(parquet(parquet));
  }

  private boolean is(String kind, boolean byName) {
    return reader.equals(kind) || (reader.equals("auto") && byName);
  }

  private Configuration configuration() {
    return spark.sessionState().newHadoopConf();
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  private List<Piece> cut(SourceFile file) {
    if (is("csv", file.isTable())) {
      return List.of(Piece.whole(file));
    }
    long most = spark.sessionState().conf().filesMaxPartitionBytes();
    return Piece.cut(file, Math.min(most, PIECE), configuration());
  }

  /** With the lines before each piece: counted in parallel, one number a piece. */
  private List<Piece> numbered(List<Piece> pieces) {
    List<Piece> parts = pieces.stream().filter(piece -> !piece.isWhole()).toList();
    if (parts.isEmpty()) {
      return pieces;
    }
    SerializableConfiguration hadoop = new SerializableConfiguration(configuration());
    List<Long> counts =
        context().parallelize(parts, parts.size()).map(piece -> lines(piece, hadoop)).collect();
    List<Piece> numbered = new ArrayList<>(pieces.stream().filter(Piece::isWhole).toList());
    Map<String, Long> before = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String uri = parts.get(i).file().uri();
      numbered.add(parts.get(i).after(before.getOrDefault(uri, 0L)));
      before.merge(uri, counts.get(i), Long::sum);
    }
    return numbered;
  }

  private static long lines(Piece piece, SerializableConfiguration hadoop) throws IOException {
    try (RawRows rows = RawRows.open(piece, false, hadoop.value())) {
      return ((LineRows) rows).count();
    }
  }

  private JavaRDD<Placed> text(List<Piece> pieces) {
    SerializableConfiguration hadoop = new SerializableConfiguration(configuration());
    boolean csv = reader.equals("csv");
    boolean auto = reader.equals("auto");
    return context()
        .parallelize(pieces, Math.max(1, pieces.size()))
        .flatMap(
            piece -> {
              boolean cells = csv || (auto && piece.file().isTable());
              return TaskRows.of(piece, RawRows.open(piece, cells, hadoop.value()));
            });
  }

  private JavaRDD<Placed> parquet(List<SourceFile> files) {
    Map<String, SourceFile> byPath = new HashMap<>();
    files.forEach(file -> byPath.put(new Path(file.uri()).toUri().getPath(), file));
    String[] uris = files.stream().map(SourceFile::uri).toArray(String[]::new);
    return spark
        .read()
        .option("mergeSchema", true) // or columns that the first file lacks would be lost
        .parquet(uris)
        .select(
            to_json(struct(col("*"))),
            col("_metadata.file_path"),
            col("_metadata.row_index").plus(1))
        .javaRDD()
        .map(
            row -> {
              String path = new Path(java.net.URI.create(row.getString(1))).toUri().getPath();
              SourceFile file = byPath.get(path);
              return new Placed(file.name(), file.uri(), json(row.getString(0), row.getLong(2)));
            });
  }

  /**
   * The rows of a table, which have no place: a row is known by what it says, and equal rows by
   * which of them it is, from 1. So a row keeps its identity when the table grows.
   */
  private static JavaRDD<Placed> table(Dataset<Row> table, String name) {
    return table
        .select(to_json(struct(col("*"))).as("json"))
        .withColumn(
            "nth", row_number().over(Window.partitionBy("json").orderBy(lit(1))).cast("long"))
        .javaRDD()
        .map(row -> new Placed(name, name, json(row.getString(0), row.getLong(1))));
  }

  private static RawRow json(String text, long line) {
    try {
      JsonNode row = RawRows.JSON.readTree(text);
      return new RawRow(line, 0, text, Optional.of(row));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot read a row that Spark wrote: " + text, e);
    }
  }
}
