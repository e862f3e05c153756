package org.plumbline.agreement;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The labels of a table, in order, and their numbers. If all are numbers they rise, and two texts
 * of one number ({@code 1} and {@code 1.0}) are one label; otherwise they follow as texts do.
 */
final class LabelSet implements Serializable {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

  /** Longer whole numbers are names; as doubles, two of them could be the same. */
  private static final double LARGEST = 1e15;

  private final boolean numeric;
  private final ArrayList<String> names = new ArrayList<>();
  private final ArrayList<Double> values = new ArrayList<>();

  private LabelSet(Collection<String> texts) {
    numeric = texts.stream().allMatch(text -> value(text).isPresent());
    if (numeric) {
      TreeSet<Double> rising = new TreeSet<>();
      texts.forEach(text -> rising.add(value(text).orElseThrow()));
      values.addAll(rising);
      values.forEach(value -> names.add(name(value)));
    } else {
      names.addAll(new TreeSet<>(texts));
    }
  }

  /** All that occur among {@code texts}. */
  static LabelSet of(Collection<String> texts) {
    return new LabelSet(texts);
  }

  /** C, at least 2: a model of a single label would have nothing to choose from. */
  int classes() {
    return Math.max(2, names.size());
  }

  /** The number of a label; C if it is none of these. */
  int number(String text) {
    int found =
        numeric
            ? value(text).stream().mapToInt(values::indexOf).findFirst().orElse(-1)
            : names.indexOf(text);
    return found < 0 ? classes() : found;
  }

  List<String> names() {
    return List.copyOf(names);
  }

  /** Whether labels have values, which are then {@link #values}. */
  boolean numeric() {
    return numeric && names.size() > 1;
  }

  /** Shape [C], what labels stand for, rising. */
  double[] values() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static OptionalDouble value(String text) {
    String bare = text.strip();
    if (!NUMBER.matcher(bare).matches()) {
      return OptionalDouble.empty();
    }
    // Adding 0 turns -0 into 0.
    double value = Double.parseDouble(bare) + 0.0;
    return Math.abs(value) < LARGEST ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static String name(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
