package org.plumbline.config;

import java.lang.reflect.ParameterizedType;
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
 * @param type int, long, double, boolean, {@link String} or {@link List}
 * @param element of a list: {@link String}, or a record of settings; else the type itself
 * @param setting default, bounds and purpose
 */
record SettingKey(String name, Class<?> type, Class<?> element, Setting setting) {

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
        keys.add(new SettingKey(name, component.getType(), element(component), setting));
      }
    }
  }

  private static Class<?> element(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType list
        ? (Class<?>) list.getActualTypeArguments()[0]
        : component.getType();
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
      return elements(entry, entry.elements().get(), problems);
    }
    if (!entry.text().startsWith("[")) {
      return elements(
          entry,
          entry.text().isEmpty()
              ? List.of()
              : List.of(new SettingEntry.Element(entry.text(), Optional.empty())),
          problems);
    }
    List<String> faults = new ArrayList<>();
    SettingsSource line = new SettingsSource(entry.where(), "list: " + entry.text());
    List<SettingEntry> read = YamlEntries.read(line, faults);
    if (!faults.isEmpty() || read.size() != 1 || read.get(0).elements().isEmpty()) {
      problems.add(
          entry.invalid(
              sections()
                  ? "a list of sections, such as [{name: a}, {name: b}]"
                  : "a list of words, such as ['The end', \"\\n\\n\"]"));
      return Optional.empty();
    }
    return elements(entry, read.get(0).elements().get(), problems);
  }

  private boolean sections() {
    return element.isRecord();
  }

  /** What the list holds; if one is not of its type, none, and a problem more. */
  private Optional<Object> elements(
      SettingEntry entry, List<SettingEntry.Element> elements, List<String> problems) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      SettingEntry.Element each = elements.get(i);
      if (each.where().isPresent() != sections()) {
        problems.add(
            new SettingEntry("%s[%d]".formatted(name, i), each.text(), entry.where())
                .invalid(sections() ? "a section, such as {name: a}" : "a word"));
      } else if (sections()) {
        section(i, each, problems).ifPresent(values::add);
      } else {
        values.add(each.text());
      }
    }
    return values.size() == elements.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  private Optional<Record> section(int index, SettingEntry.Element text, List<String> problems) {
    String where = "%s[%d] at %s".formatted(name, index, text.where().orElseThrow());
    try {
      return Optional.of(
          SettingsReader.read(
              element.asSubclass(Record.class),
              List.of(new SettingsSource(where, text.text())),
              List.of()));
    } catch (InvalidSettingsException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
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
