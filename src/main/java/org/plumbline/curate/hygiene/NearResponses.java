package org.plumbline.curate.hygiene;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.plumbline.config.NearSettings;

/**
 * Pairs whose responses are nearly the same. All texts of a prompt are at hand, so that each pair
 * is compared, and no other.
 */
record NearResponses(NearSettings settings, String action) implements Serializable {
  private static final StructType FOUND =
      new StructType()
          .add("prompt_id", DataTypes.StringType)
          .add("pair_id", DataTypes.StringType)
          .add("response_id", DataTypes.StringType)
          .add("other_id", DataTypes.StringType)
          .add("detail", DataTypes.StringType);

  /**
   * Looks through pairs.
   *
   * @param prompts {@code prompt_id, texts: [(id, text)], items: [(pair_id, left_id, right_id)]}
   */
  Dataset<Row> find(Dataset<Row> prompts) {
    Dataset<Row> found =
        prompts
            .selectExpr(
                "prompt_id",
                "transform(texts, t -> struct(t.id, t.text))",
                "transform(items, i -> struct(i.pair_id, i.left_id, i.right_id))")
            .flatMap((FlatMapFunction<Row, Row>) this::near, Encoders.row(FOUND));
    return Check.findings(found, "near-responses", action);
  }

  private Iterator<Row> near(Row prompt) {
    Map<String, String> texts = new HashMap<>();
    prompt.<Row>getList(1).forEach(text -> texts.put(text.getString(0), text.getString(1)));
    Map<String, int[]> shingles = new HashMap<>();
    List<Row> found = new ArrayList<>();
    for (Row item : prompt.<Row>getList(2)) {
      int[] left = shingles(item.getString(1), texts, shingles);
      int[] right = shingles(item.getString(2), texts, shingles);
      double similarity = MinHash.jaccard(left, right);
      if (similarity >= settings.similarity()) {
        found.add(
            RowFactory.create(
                prompt.getString(0),
                item.getString(0),
                item.getString(1),
                item.getString(2),
                String.format(Locale.ROOT, "similarity %.2f", similarity)));
      }
    }
    return found.iterator();
  }

  private int[] shingles(String id, Map<String, String> texts, Map<String, int[]> known) {
    return known.computeIfAbsent(
        id, key -> Texts.shingles(Words.of(texts.get(key)), settings.shingleWords()));
  }
}
