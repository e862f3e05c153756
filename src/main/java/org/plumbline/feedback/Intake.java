package org.plumbline.feedback;

import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.plumbline.table.RejectsTable;

/**
 * One input: what can be kept of it and what cannot. It is read twice, once for each, so that
 * nothing of it is held; the counts are made when the rejects are read.
 *
 * @param read rows read
 * @param refused rows of which nothing was kept
 * @param entries things that the rows say
 */
record Intake(
    SparkSession spark,
    RowParser parser,
    JavaRDD<Placed> placed,
    LongAccumulator read,
    LongAccumulator refused,
    LongAccumulator entries) {

  static Intake of(SparkSession spark, RowParser parser, JavaRDD<Placed> placed) {
    return new Intake(
        spark,
        parser,
        placed,
        spark.sparkContext().longAccumulator(),
        spark.sparkContext().longAccumulator(),
        spark.sparkContext().longAccumulator());
  }

  String input() {
    return parser.input();
  }

  Dataset<Row> kept() {
    RowParser rows = parser;
    return spark.createDataFrame(
        placed.flatMap(row -> rows.parse(row).kept().iterator()), parser.columns());
  }

  /**
   * What was refused. Counts as it is read: to be written once, without a shuffle, since Spark
   * counts each task of a last stage once however often it is tried.
   */
  Dataset<Row> rejects() {
    RowParser rows = parser;
    LongAccumulator allRows = read;
    LongAccumulator badRows = refused;
    LongAccumulator all = entries;
    return spark.createDataFrame(
        placed.flatMap(row -> count(rows.parse(row), allRows, badRows, all)),
        RejectsTable.TABLE.schema());
  }

  private static Iterator<Row> count(
      Outcome outcome, LongAccumulator read, LongAccumulator refused, LongAccumulator entries) {
    read.add(1);
    refused.add(outcome.kept().isEmpty() ? 1 : 0);
    entries.add(outcome.entries());
    return outcome.rejects().iterator();
  }

  /**
   * Nothing is lost: what was read is what was written.
   *
   * @param kept entries that are in the table of this input
   * @param rejects rejects by input
   */
  void requireConserved(long kept, Map<String, Long> rejects) {
    long rejected = rejects.getOrDefault(input(), 0L);
    if (entries.value() != kept + rejected) {
      throw new IllegalStateException(
          "Cannot account for all of %s: %d entries in %d rows read, %d kept, %d rejected"
              .formatted(input(), entries.value(), read.value(), kept, rejected));
    }
  }
}
