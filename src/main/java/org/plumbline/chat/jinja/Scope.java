package org.plumbline.chat.jinja;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Names and their values. What is set in a loop or macro is forgotten at its end. */
final class Scope {
  /** The longest text or list that may come out of an expression. */
  static final int MOST_TEXT = 1 << 24;

  private static final long MOST_STEPS = 5_000_000;
  private static final long MOST_MADE = 1L << 28;

  /** What a rendering has used up, whichever scope it is in. */
  private static final class Effort {
    private long steps;
    private long made;
    private int line;
  }

  private final Scope outer;
  private final Effort effort;
  private final Map<String, Object> values = new HashMap<>();

  private Scope(Scope outer, Effort effort) {
    this.outer = outer;
    this.effort = effort;
  }

  static Scope root(Map<String, Object> values) {
    Scope scope = new Scope(null, new Effort());
    scope.values.putAll(values);
    return scope;
  }

  Scope inner() {
    return new Scope(this, effort);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      if (scope.values.containsKey(name)) {
        return scope.values.get(name);
      }
    }
    return new Undefined(name);
  }

  void set(String name, Object value) {
    values.put(name, value);
  }

  /** Counts a statement about to run. */
  void step(int line) {
    effort.line = line;
    if (++effort.steps > MOST_STEPS) {
      throw new JinjaException("it takes more than " + MOST_STEPS + " steps");
    }
  }

  /** Counts a value that an expression made. */
  Object made(Object value) {
    int size =
        value instanceof String text
            ? text.length()
            : value instanceof Collection<?> list ? list.size() : 0;
    effort.made += size;
    if (size >= MOST_TEXT || effort.made > MOST_MADE) {
      throw new JinjaException("a text or list became too long");
    }
    return value;
  }

  /** The line of the statement that runs. */
  int line() {
    return effort.line;
  }
}
