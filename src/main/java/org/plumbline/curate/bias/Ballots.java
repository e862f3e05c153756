package org.plumbline.curate.bias;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The votes on one prompt's pairs that prefer a side, in numbers only. Votes of one pair lie
 * together, and within them those of one annotator.
 *
 * @param pair number of the pair within the prompt
 * @param left whether left is preferred
 * @param first 1 if left was shown first, -1 if right was, 0 if not known
 * @param longer tanh(difference of length / scale)
 */
record Ballots(
    int[] pair,
    int[] annotator,
    int[] group,
    boolean[] left,
    byte[] first,
    float[] longer,
    int[] leftModel,
    int[] rightModel)
    implements Serializable {

  private static final String[] COLUMNS = {
    "prompt_id",
    "pair_id",
    "annotator",
    "annotator_group",
    "preference",
    "left_first",
    "left_length",
    "right_length",
    "left_model",
    "right_model"
  };

  /** One element a prompt; the order of votes does not depend on partitions. */
  static JavaRDD<Ballots> of(Dataset<Row> votes, Catalog catalog) {
    Column[] order = new Column[COLUMNS.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = col(COLUMNS[i]);
    }
    return votes
        .select(order)
        .repartition(col("prompt_id"))
        .sortWithinPartitions(order)
        .javaRDD()
        .mapPartitions(rows -> new Prompts(rows, new Numbers(catalog)));
  }

  int size() {
    return pair.length;
  }

  /** Where the votes of {@code from}'s pair end. */
  int pairEnd(int from) {
    int end = from;
    while (end < size() && pair[end] == pair[from]) {
      end++;
    }
    return end;
  }

  /**
   * Where the votes of {@code from}'s annotator end, within a pair that ends at {@code pairEnd}.
   */
  int annotatorEnd(int from, int pairEnd) {
    int end = from;
    while (end < pairEnd && annotator[end] == annotator[from]) {
      end++;
    }
    return end;
  }

  /** Votes on pairs that somebody else voted on too. */
  long shared() {
    long shared = 0;
    for (int from = 0, to; from < size(); from = to) {
      to = pairEnd(from);
      shared += annotatorEnd(from, to) < to ? to - from : 0;
    }
    return shared;
  }

  /** Whether {@code model} wrote left (1) or right (-1), and not both (0). */
  int side(int vote, int model) {
    return (leftModel[vote] == model ? 1 : 0) - (rightModel[vote] == model ? 1 : 0);
  }

  private record Numbers(
      Catalog catalog,
      Map<String, Integer> annotators,
      Map<String, Integer> groups,
      Map<String, Integer> models) {
    Numbers(Catalog catalog) {
      this(
          catalog,
          Catalog.numbers(catalog.annotators()),
          Catalog.numbers(catalog.groups()),
          Catalog.numbers(catalog.models()));
    }

    Ballots of(List<Row> rows) {
      int size = rows.size();
      Ballots ballots =
          new Ballots(
              new int[size],
              new int[size],
              new int[size],
              new boolean[size],
              new byte[size],
              new float[size],
              new int[size],
              new int[size]);
      for (int i = 0; i < size; i++) {
        fill(ballots, i, rows.get(i));
        boolean same = i > 0 && rows.get(i).getString(1).equals(rows.get(i - 1).getString(1));
        ballots.pair[i] = i == 0 ? 0 : ballots.pair[i - 1] + (same ? 0 : 1);
      }
      return ballots;
    }

    private void fill(Ballots ballots, int i, Row row) {
      ballots.annotator[i] = row.isNullAt(2) ? 0 : annotators.get(row.getString(2));
      ballots.group[i] = row.isNullAt(3) ? -1 : groups.get(row.getString(3));
      ballots.left[i] = row.getDouble(4) > 0;
      ballots.first[i] = (byte) (row.isNullAt(5) ? 0 : row.getBoolean(5) ? 1 : -1);
      ballots.longer[i] = (float) catalog.longer(row.getInt(6), row.getInt(7));
      ballots.leftModel[i] = row.isNullAt(8) ? -1 : models.getOrDefault(row.getString(8), -1);
      ballots.rightModel[i] = row.isNullAt(9) ? -1 : models.getOrDefault(row.getString(9), -1);
    }
  }

  /** Cuts sorted rows where the prompt changes. */
  private static final class Prompts implements Iterator<Ballots> {
    private final Iterator<Row> rows;
    private final Numbers numbers;
    private Row next;

    Prompts(Iterator<Row> rows, Numbers numbers) {
      this.rows = rows;
      this.numbers = numbers;
      this.next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Ballots next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      List<Row> own = new ArrayList<>();
      String prompt = next.getString(0);
      while (next != null && next.getString(0).equals(prompt)) {
        own.add(next);
        next = rows.hasNext() ? rows.next() : null;
      }
      return numbers.of(own);
    }
  }
}
