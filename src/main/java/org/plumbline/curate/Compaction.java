package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.table.Messages;

/**
 * Makes judgments small before they are shuffled: responses become ids, and a partition sends each
 * prompt and each text once, however many judgments are about it.
 */
record Compaction() implements MapPartitionsFunction<Row, Row> {
  static final StructType TYPE =
      new StructType()
          .add("prompt_id", StringType, false)
          .add("judgment_id", StringType, false)
          .add("prompt", Messages.TYPE, true)
          .add("texts", createArrayType(Messages.RESPONSE, false), false)
          .add("response_ids", createArrayType(StringType, false), false)
          .add("revision_id", StringType, true)
          .add("kind", StringType, false)
          .add("ranking", createArrayType(IntegerType, false), true)
          .add("strength", DoubleType, true)
          .add("acceptable", BooleanType, true)
          .add("rating", DoubleType, true)
          .add("severity", DoubleType, true)
          .add("shown", createArrayType(IntegerType, false), true)
          .add("gold", BooleanType, false)
          .add("annotator", StringType, true)
          .add("annotator_group", StringType, true)
          .add("seconds", DoubleType, true)
          .add("time", TimestampType, true)
          .add("source", StringType, false)
          .add("split", StringType, true)
          .add("file", StringType, false)
          .add("line", LongType, false);

  /** What was sent is forgotten now and then, so that it takes no more than some 100 MB. */
  private static final int REMEMBERED = 1 << 20;

  @Override
  public Iterator<Row> call(Iterator<Row> judgments) {
    Sent sent = new Sent(new HashSet<>());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return judgments.hasNext();
      }

      @Override
      public Row next() {
        return compact(judgments.next(), sent);
      }
    };
  }

  private record Sent(Set<String> keys) {
    boolean isNew(String key) {
      if (keys.size() >= REMEMBERED) {
        keys.clear();
      }
      return keys.add(key);
    }
  }

  private static Row compact(Row row, Sent sent) {
    String prompt = row.getAs("prompt_id");
    List<String> ids = new ArrayList<>();
    List<Row> texts = new ArrayList<>();
    for (Row response : row.<Row>getList(row.fieldIndex("responses"))) {
      ids.add(send(prompt, response.getAs("text"), response.getAs("model"), texts, sent));
    }
    String revision = row.getAs("revision");
    String revisionId = revision == null ? null : send(prompt, revision, null, texts, sent);
    return RowFactory.create(
        prompt,
        row.getAs("judgment_id"),
        sent.isNew(prompt) ? row.getAs("prompt") : null,
        Rows.seq(texts),
        Rows.seq(ids),
        revisionId,
        row.getAs("kind"),
        row.getAs("ranking"),
        row.getAs("strength"),
        row.getAs("acceptable"),
        rating(row),
        row.getAs("severity"),
        row.getAs("shown"),
        row.getAs("gold"),
        row.getAs("annotator"),
        row.getAs("annotator_group"),
        row.getAs("seconds"),
        row.getAs("time"),
        row.getAs("source"),
        row.getAs("split"),
        row.getAs("file"),
        row.getAs("line"));
  }

  private static String send(String prompt, String text, String model, List<Row> texts, Sent sent) {
    String id = TextId.of(text);
    if (sent.isNew(prompt + id + model)) {
      texts.add(RowFactory.create(id, text, model));
    }
    return id;
  }

  /** From 0, the lowest of the scale, to 1. */
  private static Double rating(Row row) {
    Double rating = row.getAs("rating");
    if (rating == null) {
      return null;
    }
    double low = row.<Double>getAs("rating_min");
    return (rating - low) / (row.<Double>getAs("rating_max") - low);
  }
}
