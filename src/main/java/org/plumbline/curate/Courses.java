package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * How annotators went on: all judgments sorted by annotator and time, or file order where no time
 * is known. A heavy annotator is spread over several tasks.
 *
 * @param streaks of each annotator
 * @param drifts agreement in the last third of judgments minus that in the first; who can not be
 *     compared with others in both has none
 */
record Courses(Map<String, Streak> streaks, Map<String, Double> drifts) {
  /** A turn, and how many of its votes agree with most of the others', of how many that can. */
  private static final StructType TYPE =
      new StructType()
          .add("annotator", StringType, false)
          .add("time", TimestampType, true)
          .add("file", StringType, false)
          .add("line", LongType, false)
          .add("judgment", StringType, false)
          .add("answer", StringType, true)
          .add("agreeing", IntegerType, false)
          .add("comparable", IntegerType, false);

  /** Follows everybody through {@code dossiers}: columns items, turns. */
  static Courses of(Dataset<Row> dossiers) {
    Dataset<Row> turns =
        dossiers
            .sparkSession()
            .createDataFrame(
                dossiers.select("items", "turns").javaRDD().flatMap(Courses::turns), TYPE);
    Column time = functions.col("time");
    JavaRDD<Row> sorted =
        turns
            .orderBy(
                functions.col("annotator"),
                time.asc_nulls_first(),
                functions.col("file"),
                functions.col("line"),
                functions.col("judgment"))
            .select("annotator", "answer", "agreeing", "comparable")
            .javaRDD()
            .persist(StorageLevel.DISK_ONLY());
    List<List<Stretch>> stretches =
        sorted.mapPartitions(rows -> List.of(stretches(rows)).iterator()).collect();
    Map<String, Streak> streaks = new HashMap<>();
    long[] before = new long[stretches.size()];
    for (int i = 0; i < before.length; i++) {
      for (Stretch stretch : stretches.get(i)) {
        Streak known = streaks.getOrDefault(stretch.annotator(), Streak.NONE);
        // Only the first annotator of a partition can have been in the one before it.
        before[i] = stretch == stretches.get(i).get(0) ? known.turns() : before[i];
        streaks.put(stretch.annotator(), known.then(stretch.streak()));
      }
    }
    Map<String, Double> drifts = Drift.of(sorted, before, streaks);
    sorted.unpersist();
    return new Courses(streaks, drifts);
  }

  /** Judgments of one annotator that lie in one partition. */
  private record Stretch(String annotator, Streak streak) implements Serializable {}

  private static Iterator<Row> turns(Row dossier) {
    Map<String, int[]> agreement = new HashMap<>();
    for (Item item : Rows.list(dossier, 0, Item::of)) {
      int[] others = item.others();
      List<Vote> opinions = item.opinions();
      for (int i = 0; i < others.length; i++) {
        Habits.Share share = Habits.Share.of(opinions.get(i).direction(), others[i]);
        for (String judgment : opinions.get(i).judgments()) {
          int[] sums = agreement.computeIfAbsent(judgment, key -> new int[2]);
          sums[0] += (int) share.part();
          sums[1] += (int) share.whole();
        }
      }
    }
    int[] none = new int[2];
    return Rows.list(dossier, 1, Turn::of).stream()
        .map(turn -> row(turn, agreement.getOrDefault(turn.judgment(), none)))
        .iterator();
  }

  private static Row row(Turn turn, int[] agreement) {
    return RowFactory.create(
        turn.annotator(),
        turn.time(),
        turn.file(),
        turn.line(),
        turn.judgment(),
        turn.answer(),
        agreement[0],
        agreement[1]);
  }

  private static List<Stretch> stretches(Iterator<Row> rows) {
    List<Stretch> stretches = new ArrayList<>();
    String annotator = null;
    Streak streak = Streak.NONE;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (!row.getString(0).equals(annotator)) {
        if (annotator != null) {
          stretches.add(new Stretch(annotator, streak));
        }
        annotator = row.getString(0);
        streak = Streak.NONE;
      }
      streak = streak.then(Streak.of(row.getString(1)));
    }
    if (annotator != null) {
      stretches.add(new Stretch(annotator, streak));
    }
    return stretches;
  }
}
