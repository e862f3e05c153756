package org.plumbline.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts rows into batches of like length, so that little is padded. */
public final class Batches {
  /** Batches that are held at once to be sorted by length. */
  private static final int WINDOW = 32;

  private Batches() {}

  /** Sorts {@code rows} by length and cuts them into batches of {@code size}, the last shorter. */
  public static <T> List<List<T>> of(List<T> rows, int size, ToIntFunction<T> length) {
    List<T> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingInt(length));
    List<List<T>> batches = new ArrayList<>();
    for (int from = 0; from < sorted.size(); from += size) {
      batches.add(sorted.subList(from, Math.min(from + size, sorted.size())));
    }
    return batches;
  }

  /** The same for rows that come one by one and may be many: sorted within a window. */
  public static <T> Iterator<List<T>> of(Iterator<T> rows, int size, ToIntFunction<T> length) {
    return new Iterator<>() {
      private Iterator<List<T>> window = List.<List<T>>of().iterator();

      @Override
      public boolean hasNext() {
        return window.hasNext() || rows.hasNext();
      }

      @Override
      public List<T> next() {
        if (!window.hasNext()) {
          List<T> next = new ArrayList<>();
          while (rows.hasNext() && next.size() < WINDOW * size) {
            next.add(rows.next());
          }
          window = of(next, size, length).iterator();
        }
        return window.next();
      }
    };
  }
}
