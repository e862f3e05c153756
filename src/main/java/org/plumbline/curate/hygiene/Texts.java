package org.plumbline.curate.hygiene;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/** What Spark columns of texts are made into. */
final class Texts {
  /** MinHash takes whole numbers below this. */
  static final int SHINGLES = 1 << 30;

  private Texts() {}

  /** The identity of a text, as in the votes and pairs tables. */
  static Column id(Column text) {
    return substring(sha2(text.cast("binary"), 256), 1, 16);
  }

  /** The words of a text with blanks between them. */
  static Column words(String text) {
    UDF1<String, String> words = each -> String.join(" ", Words.of(each));
    return udf(words, StringType).apply(col(text));
  }

  /** The same of texts of words. */
  static Column shingles(String words, int length) {
    UDF1<String, int[]> shingles = each -> shingles(Words.of(each), length);
    return udf(shingles, createArrayType(IntegerType, false)).apply(col(words));
  }

  /** Shingles of {@code words}: sorted numbers below {@link #SHINGLES}, each once. */
  static int[] shingles(List<String> words, int length) {
    return Arrays.stream(Words.runs(words, length))
        .mapToInt(hash -> (int) (hash & (SHINGLES - 1)))
        .sorted()
        .distinct()
        .toArray();
  }

  /** Hashes of every {@code length} words in a row; none if the text has fewer. */
  static UserDefinedFunction runs(int length) {
    UDF1<String, long[]> runs =
        each -> {
          var words = Words.of(each);
          return words.size() < length
              ? new long[0]
              : Arrays.stream(Words.runs(words, length)).distinct().toArray();
        };
    return udf(runs, createArrayType(LongType, false));
  }
}
