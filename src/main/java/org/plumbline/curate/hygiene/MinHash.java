package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import org.apache.spark.ml.feature.MinHashLSH;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.plumbline.config.NearSettings;
import scala.collection.Seq;

/** Buckets of texts whose shingles are probably alike, from Spark's MinHash. */
record MinHash(NearSettings settings) {
  /** A text's smallest shingles stand for all of them here; similarity is of all. */
  private static final int SKETCH = 256;

  private static final long SEED = 20240229;

  /** {@code texts} once for each band, with its {@code bucket}. */
  Dataset<Row> buckets(Dataset<Row> texts) {
    UDF1<Seq<Integer>, Vector> sketch = MinHash::sketch;
    MinHashLSH hash =
        new MinHashLSH()
            .setNumHashTables(settings.bands() * settings.rows())
            .setSeed(SEED)
            .setInputCol("sketch")
            .setOutputCol("hashes");
    Dataset<Row> sketched =
        texts
            .select(col("side"), col("id"), col("words"), col("shingles"))
            .withColumn("sketch", udf(sketch, SQLDataTypes.VectorType()).apply(col("shingles")))
            .drop("shingles");
    // Nothing is learned of texts: the hash functions depend on the seed and the size alone.
    Dataset<Row> one =
        texts
            .sparkSession()
            .createDataFrame(
                java.util.List.of(
                    org.apache.spark.sql.RowFactory.create(
                        Vectors.sparse(Texts.SHINGLES, new int[] {0}, new double[] {1}))),
                new org.apache.spark.sql.types.StructType()
                    .add("sketch", SQLDataTypes.VectorType()));
    int rows = settings.rows();
    UDF1<Seq<Vector>, long[]> bands = hashes -> bands(hashes, rows);
    return hash.fit(one)
        .transform(sketched)
        .withColumn(
            "bucket", explode(udf(bands, createArrayType(LongType, false)).apply(col("hashes"))))
        .drop("sketch", "hashes");
  }

  private static Vector sketch(Seq<Integer> shingles) {
    int[] smallest = new int[Math.min(SKETCH, shingles.size())];
    double[] ones = new double[smallest.length];
    for (int i = 0; i < smallest.length; i++) {
      smallest[i] = shingles.apply(i);
      ones[i] = 1;
    }
    return Vectors.sparse(Texts.SHINGLES, smallest, ones);
  }

  /** A number for each band: equal if the band and its values are. */
  private static long[] bands(Seq<Vector> hashes, int rows) {
    long[] bands = new long[hashes.size() / rows];
    for (int band = 0; band < bands.length; band++) {
      long hash = band;
      for (int row = 0; row < rows; row++) {
        // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
        hash = 0x9E3779B97F4A7C15L * (hash + 1) + (long) hashes.apply(band * rows + row).apply(0);
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        hash ^= hash >>> 31;
      }
      bands[band] = hash;
    }
    return bands;
  }

  /** Jaccard similarity of two sorted lists of numbers without repeats; 0 of empty ones. */
  static double jaccard(int[] a, int[] b) {
    int shared = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      int order = Integer.compare(a[i], b[j]);
      shared += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return (double) shared / Math.max(1, a.length + b.length - shared);
  }

  /** The same of two columns. */
  static Column jaccard(Column left, Column right) {
    UDF2<Seq<Integer>, Seq<Integer>, Double> jaccard = (a, b) -> jaccard(ints(a), ints(b));
    return udf(jaccard, DoubleType).apply(left, right);
  }

  private static int[] ints(Seq<Integer> numbers) {
    int[] ints = new int[numbers.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = numbers.apply(i);
    }
    return ints;
  }
}
