package org.plumbline.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.Table;

/** What a run folder holds; a stage that has not run is an empty answer, not an error. */
record RunTables(SparkSession spark, RunFolder run) {
  /** The table at {@code relative}, if there is anything. */
  Optional<Dataset<Row>> table(Table table, String relative) {
    return run.has(relative) ? Optional.of(table.read(spark, run.at(relative))) : Optional.empty();
  }

  /** The result of each of {@code stages} that has one, in the order given. */
  Map<String, JsonNode> results(Iterable<String> stages) {
    Map<String, JsonNode> results = new LinkedHashMap<>();
    for (String stage : stages) {
      json(stage + "/result.json").ifPresent(result -> results.put(stage, result));
    }
    return results;
  }

  /** The JSON file at {@code relative}, if there is one. */
  Optional<JsonNode> json(String relative) {
    return run.has(relative) ? Optional.of(run.readJson(relative)) : Optional.empty();
  }

  /** The text file at {@code relative}, if there is one. */
  Optional<String> text(String relative) {
    if (!run.has(relative)) {
      return Optional.empty();
    }
    try (InputStream in = run.fileSystem().open(new Path(run.at(relative)))) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + run.at(relative) + ": " + e.getMessage(), e);
    }
  }
}
