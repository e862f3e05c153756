package org.plumbline.curate;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.plumbline.curate.bias.Mitigations;

/**
 * Two responses to the same prompt, without their texts, and every vote on them. Left is the one
 * whose text's hash comes first, whoever is better.
 *
 * @param id the pair's
 * @param problem why this can be no pair, whatever the votes say; null if it can
 */
record Item(String id, Side left, Side right, String problem, List<Vote> votes) {
  static final StructType TYPE =
      new StructType()
          .add("pair_id", StringType, false)
          .add("left_id", StringType, false)
          .add("right_id", StringType, false)
          .add("left_length", IntegerType, false)
          .add("right_length", IntegerType, false)
          .add("left_model", StringType, true)
          .add("right_model", StringType, true)
          .add("problem", StringType, true)
          .add("votes", createArrayType(Vote.TYPE, false), false);

  /**
   * A response.
   *
   * @param id the hash of its text
   * @param length in characters
   * @param model that wrote it; null if not known
   */
  record Side(String id, int length, String model) {}

  Row row() {
    return RowFactory.create(
        id,
        left.id(),
        right.id(),
        left.length(),
        right.length(),
        left.model(),
        right.model(),
        problem,
        Rows.seq(votes.stream().map(Vote::row).toList()));
  }

  static Item of(Row row) {
    return new Item(
        row.getString(0),
        new Side(row.getString(1), row.getInt(3), row.getString(5)),
        new Side(row.getString(2), row.getInt(4), row.getString(6)),
        row.getString(7),
        Rows.list(row, 8, Vote::of));
  }

  /**
   * For each of the {@link #opinions}, which side most of the others prefer: 1 left, -1 right, 0
   * neither. Nobody is among the others of their own votes.
   */
  int[] others() {
    List<Vote> opinions = opinions();
    Map<String, Integer> own = new HashMap<>();
    int all = 0;
    for (Vote vote : opinions) {
      all += vote.direction();
      vote.annotator().ifPresent(name -> own.merge(name, vote.direction(), Integer::sum));
    }
    int[] others = new int[opinions.size()];
    for (int i = 0; i < others.length; i++) {
      Vote vote = opinions.get(i);
      others[i] = Integer.signum(all - vote.annotator().map(own::get).orElseGet(vote::direction));
    }
    return others;
  }

  /**
   * What each of those who voted has to say, however many votes they have: 1 left is better, -1
   * right is, 0 neither.
   */
  int[] voices() {
    return Ballots.of(this, Mitigations.none()).voices();
  }

  /** The votes that are somebody's: all but the gold ones. */
  List<Vote> opinions() {
    return votes.stream().filter(vote -> !vote.voter().gold()).toList();
  }

  /** What gold judgments say: 1 left is better, -1 right is, 0 nothing or both. */
  int truth() {
    return Integer.signum(
        votes.stream().filter(vote -> vote.voter().gold()).mapToInt(Vote::direction).sum());
  }
}
