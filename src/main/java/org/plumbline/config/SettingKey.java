package org.plumbline.config;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A setting that exists.
 *
 * @param name full key, such as {@code ppo.clip-range}
 * @param type int, long, double, boolean, {@link String} or {@link List} of these
 * @param setting default, bounds and purpose
 */
record SettingKey(String name, Class<?> type, Setting setting) {

  /** Every setting of {@code type} and of the records in it, in the order they are declared. */
  static List<SettingKey> of(Class<? extends Record> type) {
    List<SettingKey> keys = new ArrayList<>();
    collect(type, "", keys);
    return keys;
  }

  private static void collect(Class<?> type, String prefix, List<SettingKey> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + kebab(component.getName());
      Setting setting = component.getAnnotation(Setting.class);
      if (component.getType().isRecord()) {
        collect(component.getType(), name + ".", keys);
      } else if (setting == null) {
        throw new IllegalStateException(
            "Cannot read settings into %s: component %s has no @Setting"
                .formatted(type.getName(), component.getName()));
      } else {
        keys.add(new SettingKey(name, component.getType(), setting));
      }
    }
  }

  static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** What comes before the first dot; empty for a setting that stands alone. */
  String section() {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /** The default as a value of this setting's type. */
  Object defaultValue() {
    List<String> problems = new ArrayList<>();
    return parse(new SettingEntry(name, setting.value(), "its declaration"), problems)
        .orElseThrow(() -> new IllegalStateException(problems.get(0)));
  }

  /** The value of {@code entry}; if that is not allowed, none, and a problem more. */
  Optional<Object> parse(SettingEntry entry, List<String> problems) {
    if (type == List.class) {
      return parseList(entry, problems);
    }
    if (entry.elements().isPresent()) {
      problems.add(entry.invalid("one value"));
      return Optional.empty();
    }
    if (type == String.class) {
      return parseWord(entry, problems);
    }
    if (type == boolean.class) {
      return parseSwitch(entry, problems);
    }
    return parseNumber(entry, problems);
  }

  /** A list as YAML has it, between brackets; anything else is its only element. */
  private Optional<Object> parseList(SettingEntry entry, List<String> problems) {
    if (entry.elements().isPresent()) {
      return Optional.of(entry.elements().get());
    }
    if (!entry.text().startsWith("[")) {
      return Optional.of(entry.text().isEmpty() ? List.of() : List.of(entry.text()));
    }
    List<String> faults = new ArrayList<>();
    SettingsSource line = new SettingsSource(entry.where(), "list: " + entry.text());
    List<SettingEntry> read = YamlEntries.read(line, faults);
    if (!faults.isEmpty() || read.size() != 1 || read.get(0).elements().isEmpty()) {
      problems.add(entry.invalid("a list of words, such as ['The end', \"\\n\\n\"]"));
      return Optional.empty();
    }
    return Optional.of(read.get(0).elements().get());
  }

  private Optional<Object> parseWord(SettingEntry entry, List<String> problems) {
    List<String> words = Arrays.asList(setting.oneOf());
    if (words.isEmpty() || words.contains(entry.text())) {
      return Optional.of(entry.text());
    }
    problems.add(entry.invalid(bounds()));
    return Optional.empty();
  }

  private static Optional<Object> parseSwitch(SettingEntry entry, List<String> problems) {
    if (entry.text().equals("true") || entry.text().equals("false")) {
      return Optional.of(Boolean.valueOf(entry.text()));
    }
    problems.add(entry.invalid("true or false"));
    return Optional.empty();
  }

  private Optional<Object> parseNumber(SettingEntry entry, List<String> problems) {
    BigDecimal number;
    Object value;
    try {
      // BigDecimal refuses NaN and Infinity, and reads 1e-6, which YAML 1.1 takes for a word.
      number = new BigDecimal(entry.text().strip().replace("_", ""));
      value = narrow(number);
    } catch (ArithmeticException | NumberFormatException e) {
      problems.add(entry.invalid(kind()));
      return Optional.empty();
    }
    if (!allows(number.doubleValue())) {
      problems.add(entry.invalid(bounds()));
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private Object narrow(BigDecimal number) {
    if (type == int.class) {
      return number.intValueExact();
    }
    if (type == long.class) {
      return number.longValueExact();
    }
    if (type == double.class && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    if (type == double.class) {
      throw new ArithmeticException("too large");
    }
    throw new IllegalStateException(
        "Cannot read setting " + name + ": no settings are of type " + type.getName());
  }

  private String kind() {
    if (type == double.class) {
      return "a number";
    }
    return type == int.class
        ? "a whole number of at most " + Integer.MAX_VALUE
        : "a whole number of at most " + Long.MAX_VALUE;
  }

  private boolean allows(double number) {
    return setting.exclusive()
        ? number > setting.min() && number < setting.max()
        : number >= setting.min() && number <= setting.max();
  }

  /** What is allowed, such as {@code > 0} or {@code one of a, b}; empty if anything is. */
  String bounds() {
    if (setting.oneOf().length > 0) {
      return "one of " + String.join(", ", setting.oneOf());
    }
    List<String> bounds = new ArrayList<>();
    if (setting.min() != Double.NEGATIVE_INFINITY) {
      bounds.add((setting.exclusive() ? "> " : ">= ") + plain(setting.min()));
    }
    if (setting.max() != Double.POSITIVE_INFINITY) {
      bounds.add((setting.exclusive() ? "< " : "<= ") + plain(setting.max()));
    }
    return String.join(" and ", bounds);
  }

  private static String plain(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }
}
