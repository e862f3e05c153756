package org.plumbline.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** The functions that transformers gives to templates, and those of Jinja that templates call. */
final class Functions {
  private static final long MOST_NUMBERS = 100_000;

  private Functions() {}

  /**
   * By name.
   *
   * @param now what {@code strftime_now} says the time is
   */
  static Map<String, Object> all(LocalDateTime now) {
    Map<String, Object> all = new LinkedHashMap<>();
    Callable raise =
        (arguments, named) -> {
          throw new JinjaException("the template says: " + Text.of(arguments.get(0)));
        };
    all.put("raise_exception", raise);
    Callable time = (arguments, named) -> time(now, Text.of(arguments.get(0)));
    all.put("strftime_now", time);
    Callable namespace = (arguments, named) -> new Namespace(named);
    all.put("namespace", namespace);
    Callable map = (arguments, named) -> new LinkedHashMap<>(named);
    all.put("dict", map);
    Callable range = (arguments, named) -> range(arguments);
    all.put("range", range);
    return all;
  }

  private static List<Object> range(List<Object> arguments) {
    long start = arguments.size() > 1 ? (Long) arguments.get(0) : 0;
    long stop = (Long) arguments.get(arguments.size() > 1 ? 1 : 0);
    long step = arguments.size() > 2 ? (Long) arguments.get(2) : 1;
    long count = Math.max(0, -Math.floorDiv(start - stop, step));
    if (count > MOST_NUMBERS) {
      throw new JinjaException("a range of more than " + MOST_NUMBERS + " numbers");
    }
    return LongStream.range(0, count).<Object>mapToObj(i -> start + i * step).toList();
  }

  /** As C's strftime, in English. */
  private static String time(LocalDateTime now, String format) {
    StringBuilder time = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        time.append(c);
      } else {
        time.append(now.format(DateTimeFormatter.ofPattern(field(format.charAt(++i)), Locale.US)));
      }
    }
    return time.toString();
  }

  private static String field(char letter) {
    return switch (letter) {
      case 'Y' -> "uuuu";
      case 'y' -> "uu";
      case 'm' -> "MM";
      case 'B' -> "MMMM";
      case 'b' -> "MMM";
      case 'd' -> "dd";
      case 'j' -> "DDD";
      case 'A' -> "EEEE";
      case 'a' -> "EEE";
      case 'H' -> "HH";
      case 'I' -> "hh";
      case 'M' -> "mm";
      case 'S' -> "ss";
      case 'p' -> "a";
      case '%' -> "'%'";
      default -> throw new JinjaException("strftime_now does not know %" + letter);
    };
  }
}
