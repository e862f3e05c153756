package org.plumbline.table;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which pairs a model was trained on: two tables have the same identity if they hold the same
 * pairs, with the same sides, probabilities, weights and splits, in whatever order.
 *
 * @param version of the pairs table
 * @param fingerprint the sum of all rows' 64-bit hashes, in hexadecimal
 * @param rows pairs in the table
 */
public record PairsIdentity(int version, String fingerprint, long rows) {
  /** Where a run keeps the identity of the pairs that its tokens were made of. */
  public static final String FILE = "tokens/pairs-identity.json";

  /** The same of the single responses. */
  public static final String UNPAIRED_FILE = "tokens/unpaired-identity.json";

  /** The same of the ratings. */
  public static final String RATINGS_FILE = "tokens/ratings-identity.json";

  private static final String RATINGS_HASH =
      "cast(xxhash64(rating_id, rating, weight, split) as decimal(38, 0))";

  private static final String UNPAIRED_HASH =
      "cast(xxhash64(unpaired_id, acceptable, probability, weight, split) as decimal(38, 0))";

  private static final String HASH =
      "cast(xxhash64(pair_id, chosen_id, rejected_id, probability, weight, split)"
          + " as decimal(38, 0))";

  /** The identity of {@code pairs}, which are read once, without their texts. */
  public static PairsIdentity of(Dataset<Row> pairs) {
    return of(pairs, HASH, PairsTable.TABLE.version());
  }

  /** The same of {@code responses}, rows of the table of single ones. */
  public static PairsIdentity ofUnpaired(Dataset<Row> responses) {
    return of(responses, UNPAIRED_HASH, UnpairedTable.TABLE.version());
  }

  /** The same of {@code ratings}, rows of their table. */
  public static PairsIdentity ofRatings(Dataset<Row> ratings) {
    return of(ratings, RATINGS_HASH, RatingsTable.TABLE.version());
  }

  private static PairsIdentity of(Dataset<Row> rows, String hash, int version) {
    Row row = rows.agg(sum(expr(hash)), count(lit(1))).head();
    BigDecimal sum = row.isNullAt(0) ? BigDecimal.ZERO : row.getDecimal(0);
    return new PairsIdentity(version, sum.toBigInteger().toString(16), row.getLong(1));
  }

  /** As it is kept with a checkpoint. */
  public Map<String, Object> record() {
    Map<String, Object> record = new TreeMap<>();
    record.put("version", version);
    record.put("fingerprint", fingerprint);
    record.put("rows", rows);
    return record;
  }
}
