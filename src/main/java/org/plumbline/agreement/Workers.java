package org.plumbline.agreement;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Everyone who answers, by number, so that a fit moves numbers and no names. Number 0 stands for
 * all answers whose worker is not named; the others follow in the order of their names.
 */
public final class Workers implements Serializable {
  /** The number of everybody without a name. */
  public static final int UNNAMED = 0;

  private final String[] names;
  private final Map<String, Integer> numbers = new HashMap<>();

  private Workers(String[] sorted) {
    names = sorted;
    for (int i = 0; i < names.length; i++) {
      numbers.put(names[i], i + 1);
    }
  }

  /** Numbers for {@code names}. */
  public static Workers of(Collection<String> names) {
    return new Workers(names.stream().distinct().sorted().toArray(String[]::new));
  }

  /** Numbers for all that {@code column} of {@code answers} names; null is nobody. */
  public static Workers of(Dataset<Row> answers, String column) {
    Dataset<Row> named = answers.select(answers.col(column).cast("string").as("worker"));
    String[] sorted =
        (String[]) named.where("worker is not null").distinct().as(Encoders.STRING()).collect();
    Arrays.sort(sorted);
    return new Workers(sorted);
  }

  /** How many numbers there are: the named workers and one for those without a name. */
  public int size() {
    return names.length + 1;
  }

  /** The number of a worker, {@link #UNNAMED} if empty. */
  public int number(Optional<String> worker) {
    return worker.map(this::number).orElse(UNNAMED);
  }

  /** Whether {@code worker} has a number. */
  public boolean has(String worker) {
    return numbers.containsKey(worker);
  }

  private int number(String worker) {
    Integer number = numbers.get(worker);
    if (number == null) {
      throw new IllegalArgumentException("Cannot find worker " + worker + ": never counted");
    }
    return number;
  }

  /** The name behind a number; empty for {@link #UNNAMED}. */
  public Optional<String> name(int number) {
    return number == UNNAMED ? Optional.empty() : Optional.of(names[number - 1]);
  }
}
