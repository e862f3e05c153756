package org.plumbline.agreement;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * A table of who gave what which label, as numbers, kept by Spark until it is closed.
 *
 * @param rows of the table
 * @param complete rows that have an item and a label; the others count for nothing
 * @param items with their answers; a worker's repeated rows are one answer
 * @param labels that occur
 * @param workers who are named
 */
record LabelTable(
    long rows, long complete, JavaRDD<LabelledItem> items, LabelSet labels, Workers workers)
    implements AutoCloseable {
  /** Tables of labels by labels have to fit into memory many times. */
  static final int MOST_LABELS = 150;

  /**
   * Numbers {@code answers}.
   *
   * @param answers columns item, worker, label, all strings
   * @throws IllegalArgumentException if there are none, or more labels than are comparable
   */
  static LabelTable of(Dataset<Row> answers) {
    Dataset<Row> kept = answers.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return numbered(kept);
    } finally {
      kept.unpersist();
    }
  }

  private static LabelTable numbered(Dataset<Row> answers) {
    Dataset<Row> complete = answers.where("item is not null and label is not null");
    long count = complete.count();
    if (count == 0) {
      throw new IllegalArgumentException("Cannot compare labels: no rows with an item and a label");
    }
    List<String> texts =
        complete
            .select("label")
            .distinct()
            .limit(MOST_LABELS + 1)
            .as(Encoders.STRING())
            .collectAsList();
    if (texts.size() > MOST_LABELS) {
      throw new IllegalArgumentException(
          "Cannot compare labels: more than %d different ones, such as %s"
              .formatted(MOST_LABELS, texts.stream().sorted().limit(3).toList()));
    }
    LabelSet labels = LabelSet.of(texts);
    Workers workers = Workers.of(complete, "worker");
    JavaRDD<LabelledItem> items = items(complete, labels, workers);
    items.persist(StorageLevel.MEMORY_AND_DISK());
    // Filled before the rows that it is made from are let go.
    items.count();
    return new LabelTable(answers.count(), count, items, labels, workers);
  }

  private static JavaRDD<LabelledItem> items(
      Dataset<Row> complete, LabelSet labels, Workers workers) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(complete.sparkSession().sparkContext());
    Broadcast<LabelSet> labelsThere = spark.broadcast(labels);
    Broadcast<Workers> workersThere = spark.broadcast(workers);
    return complete
        .groupBy("item")
        .agg(functions.collect_list(functions.struct("worker", "label")).as("answers"))
        .javaRDD()
        .map(
            row ->
                LabelledItem.of(
                    row.getString(0),
                    distinct(row.getList(1), labelsThere.value()),
                    workersThere.value()));
  }

  /** Rows without a worker may be of several people, and none of them is a repetition. */
  private static List<Answer> distinct(List<Row> rows, LabelSet labels) {
    List<Answer> answers = new ArrayList<>();
    Set<Answer> named = new LinkedHashSet<>();
    for (Row row : rows) {
      Answer answer =
          new Answer(Optional.ofNullable(row.getString(0)), labels.number(row.getString(1)), 1);
      if (answer.worker().isEmpty() || named.add(answer)) {
        answers.add(answer);
      }
    }
    return answers;
  }

  /** How often a worker gave one item several labels. */
  long contradictions() {
    return items.map(LabelTable::contradictions).fold(0L, Long::sum);
  }

  private static long contradictions(LabelledItem item) {
    int[] workers = item.workers();
    long found = 0;
    for (int i = 1; i < workers.length; i++) {
      boolean first = i == 1 || workers[i - 2] != workers[i];
      if (workers[i] != Workers.UNNAMED && workers[i - 1] == workers[i] && first) {
        found++;
      }
    }
    return found;
  }

  @Override
  public void close() {
    items.unpersist();
  }
}
