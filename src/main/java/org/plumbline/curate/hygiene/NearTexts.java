package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.storage.StorageLevel;
import org.plumbline.config.NearSettings;

/**
 * Texts that are nearly the same, by MinHash (Broder, "On the resemblance and containment of
 * documents", 1997) and banding (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets",
 * chapter 3). Texts of the same words are taken together first. Of a bucket, each text is compared
 * with the first of it, with the two before it, and with the first and the nearest before it of the
 * sides that matter: work grows with the number of texts, however many share a bucket.
 */
record NearTexts(NearSettings settings, List<Dataset<Row>> kept) {
  NearTexts(NearSettings settings) {
    this(settings, new ArrayList<>());
  }

  /** Sides in the order in which texts are compared: what comes later repeats what is earlier. */
  static final int BENCHMARK = 0;

  static final int HELD_OUT = 1;
  static final int TRAIN = 2;

  private static final Column[] TEXT = {col("side"), col("words")};
  private static final Column SELF = struct(col("side"), col("id"));

  /**
   * Finds pairs of texts.
   *
   * @param texts {@code id, side, text}
   * @return {@code id, side, other_id, other_side, similarity}: a text, one that it repeats, and
   *     their Jaccard similarity; never both ways
   */
  Dataset<Row> links(Dataset<Row> texts) {
    Dataset<Row> all =
        texts
            .withColumn("words", Texts.words("text"))
            .where("words != ''")
            .withColumn("first_id", min("id").over(Window.partitionBy(TEXT)))
            .withColumn("shingles", Texts.shingles("words", settings.shingleWords()))
            .withColumn("words", Texts.id(col("words")))
            .drop("text")
            .persist(StorageLevel.DISK_ONLY());
    kept.add(all);
    Dataset<Row> near = similar(candidates(all.where("id = first_id")), all);
    Dataset<Row> links = expanded(near, all).persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(links);
    return links;
  }

  /** Lets go of the texts that were kept at hand. */
  void release() {
    kept.forEach(Dataset::unpersist);
  }

  private Dataset<Row> candidates(Dataset<Row> texts) {
    WindowSpec bucket = Window.partitionBy("bucket");
    WindowSpec order = bucket.orderBy("words", "side", "id");
    WindowSpec before = order.rowsBetween(Window.unboundedPreceding(), -1);
    WindowSpec whole = order.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
    Column heldOut = when(col("side").equalTo(HELD_OUT), SELF);
    Column benchmark = when(col("side").equalTo(BENCHMARK), SELF);
    Column others =
        array(
            lag(SELF, 1).over(order),
            lag(SELF, 2).over(order),
            first(SELF).over(whole),
            last(heldOut, true).over(before),
            first(heldOut, true).over(whole),
            last(benchmark, true).over(before),
            first(benchmark, true).over(whole));
    return new MinHash(settings)
        .buckets(texts)
        .withColumn("others", array_remove(array_distinct(array_compact(others)), SELF))
        .select(col("side"), col("id"), explode(col("others")).as("other"))
        .select(
            col("side"),
            col("id"),
            col("other.side").as("other_side"),
            col("other.id").as("other_id"))
        // A later side repeats an earlier one, whichever came first in the bucket.
        .where("other_side <= side")
        .distinct();
  }

  private Dataset<Row> similar(Dataset<Row> candidates, Dataset<Row> all) {
    Dataset<Row> own = all.select("side", "id", "shingles");
    Dataset<Row> other =
        all.select(
            col("side").as("other_side"),
            col("id").as("other_id"),
            col("shingles").as("other_shingles"));
    return candidates
        .join(own, new String[] {"side", "id"})
        .join(other, new String[] {"other_side", "other_id"})
        .withColumn("similarity", MinHash.jaccard(col("shingles"), col("other_shingles")))
        .where(col("similarity").geq(settings.similarity()))
        .select("side", "id", "other_side", "other_id", "similarity");
  }

  /** What is true of the first of texts of the same words is true of all of them. */
  private static Dataset<Row> expanded(Dataset<Row> near, Dataset<Row> all) {
    Dataset<Row> members = all.select("side", "id", "first_id");
    Dataset<Row> ofMembers =
        near.withColumnRenamed("id", "first_id")
            .join(members, new String[] {"side", "first_id"})
            .select("id", "side", "other_id", "other_side", "similarity");
    Dataset<Row> ofFirst =
        members
            .where("id != first_id")
            .select(
                col("id"),
                col("side"),
                col("first_id").as("other_id"),
                col("side").as("other_side"),
                lit(1.0).as("similarity"));
    return ofMembers.union(ofFirst);
  }
}
