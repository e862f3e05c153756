package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Operators on the values of a template, as Python has them. A value is null, a Boolean, Long,
 * Double, String, List, Map, {@link Callable} or {@link Undefined}; of nothing else can a template
 * see anything.
 */
final class Values {
  private Values() {}

  static boolean truth(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    } else if (value instanceof Number number) {
      return number.doubleValue() != 0;
    } else if (value instanceof Callable) {
      return true;
    }
    return value != null && !(value instanceof Undefined) && size(value) > 0;
  }

  /** How many characters, elements or keys. */
  static int size(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    } else if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    return list(value).size();
  }

  /** What iterating over a value gives: elements, keys, or characters. */
  static List<Object> list(Object value) {
    if (value instanceof List<?> list) {
      return Collections.unmodifiableList(list);
    } else if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    } else if (value instanceof String text) {
      return new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
    } else if (value instanceof Undefined) {
      return List.of();
    }
    throw new JinjaException(Text.of(value) + " is no list");
  }

  static boolean equal(Object left, Object right) {
    if (number(left) instanceof Number a && number(right) instanceof Number b) {
      return a.doubleValue() == b.doubleValue();
    }
    return Objects.equals(left, right) || left instanceof Undefined && right instanceof Undefined;
  }

  /** As Python has it, true is 1 and false is 0. */
  private static Object number(Object value) {
    return value instanceof Boolean flag ? (flag ? 1L : 0L) : value;
  }

  static boolean contains(Object container, Object value) {
    if (container instanceof String text && value instanceof String part) {
      return text.contains(part);
    }
    return list(container).stream().anyMatch(element -> equal(element, value));
  }

  static int compare(Object left, Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    } else if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    throw mismatch("compare", left, right);
  }

  static Object arithmetic(String operator, Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return integers(operator, a, b);
    } else if (left instanceof Number a && right instanceof Number b) {
      return decimals(operator, a.doubleValue(), b.doubleValue());
    } else if (operator.equals("+") && left instanceof String a && right instanceof String b) {
      return a + b;
    } else if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
      List<Object> both = new ArrayList<>(a);
      both.addAll(b);
      return both;
    } else if (operator.equals("*") && left instanceof String a && right instanceof Long times) {
      return a.repeat(
          (int) Math.max(0, Math.min(times, 1 + Scope.MOST_TEXT / Math.max(1, a.length()))));
    }
    throw mismatch(operator, left, right);
  }

  private static Object integers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDiv(a, b);
      case "%" -> Math.floorMod(a, b);
      default -> decimals(operator, a, b);
    };
  }

  private static Object decimals(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      default -> throw mismatch(operator, a, b);
    };
  }

  /** {@code value.name}: a method, or what a map holds by that name. */
  static Object attribute(Object value, String name) {
    known(value, name);
    Callable method = Methods.of(value, name);
    return method == null ? item(value, name) : method;
  }

  /** {@code value[key]}: what a map holds, or the element at an index that may count backwards. */
  static Object item(Object value, Object key) {
    known(value, key);
    if (value instanceof Map<?, ?> map && map.containsKey(key)) {
      return map.get(key);
    } else if (key instanceof Long index && (value instanceof List || value instanceof String)) {
      List<Object> elements = list(value);
      long at = index < 0 ? index + elements.size() : index;
      return at >= 0 && at < elements.size() ? elements.get((int) at) : new Undefined("" + key);
    }
    Callable method = key instanceof String name ? Methods.of(value, name) : null;
    return method == null ? new Undefined(Text.of(key)) : method;
  }

  private static void known(Object value, Object part) {
    if (value instanceof Undefined undefined) {
      throw new JinjaException(
          "%s is undefined, it has no %s".formatted(undefined.name(), Text.of(part)));
    }
  }

  /** {@code value[start:stop:step]}, any of which may be null. */
  static Object slice(Object value, Object start, Object stop, Object step) {
    List<Object> elements = list(value);
    int size = elements.size();
    int stride = step == null ? 1 : Math.toIntExact((Long) step);
    if (stride == 0) {
      throw new JinjaException("the step of a slice is 0");
    }
    int first = bound(start, stride > 0 ? 0 : size - 1, stride, size);
    int last = bound(stop, stride > 0 ? size : -1, stride, size);
    List<Object> slice = new ArrayList<>();
    for (int i = first; stride > 0 ? i < last : i > last; i += stride) {
      slice.add(elements.get(i));
    }
    return value instanceof String ? String.join("", slice.stream().map(Text::of).toList()) : slice;
  }

  private static int bound(Object bound, int absent, int stride, int size) {
    if (bound == null) {
      return absent;
    }
    long at = (Long) bound < 0 ? (Long) bound + size : (Long) bound;
    return (int)
        (stride > 0 ? Math.max(0, Math.min(at, size)) : Math.max(-1, Math.min(at, size - 1)));
  }

  private static JinjaException mismatch(String operator, Object left, Object right) {
    return new JinjaException("cannot %s %s and %s".formatted(operator, kind(left), kind(right)));
  }

  private static String kind(Object value) {
    return value instanceof Undefined undefined
        ? undefined.name() + ", which is undefined,"
        : value == null ? "none" : value.getClass().getSimpleName();
  }
}
