package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Goes through every way to make the choices that a grammar leaves open, like an odometer. */
final class EveryChoice implements Chooser {
  private final List<Integer> chosen = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private int at;

  static <T> void of(Function<Chooser, T> maker, Consumer<T> reader) {
    EveryChoice chooser = new EveryChoice();
    do {
      chooser.at = 0;
      reader.accept(maker.apply(chooser));
    } while (chooser.next());
  }

  private boolean next() {
    while (!chosen.isEmpty()) {
      int last = chosen.size() - 1;
      if (chosen.get(last) + 1 < limits.get(last)) {
        chosen.set(last, chosen.get(last) + 1);
        return true;
      }
      chosen.remove(last);
      limits.remove(last);
    }
    return false;
  }

  @Override
  public int any(int n) {
    if (at == chosen.size()) {
      chosen.add(0);
      limits.add(n);
    }
    return chosen.get(at++);
  }

  @Override
  public int favourite(int n) {
    return any(n);
  }
}
