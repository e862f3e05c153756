package org.plumbline.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads settings: the defaults of {@link Setting}, then YAML texts in the order given, then {@code
 * key=value} pairs; what comes later wins. A key is looked up here and nowhere else.
 */
public final class SettingsReader {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private SettingsReader() {}

  /**
   * Reads all settings.
   *
   * @param sources YAML texts; keys in kebab case below their section
   * @param sets pairs such as {@code ppo.clip-range=0.1}
   * @throws InvalidSettingsException listing every unknown key, wrong type and value out of range
   */
  public static Settings read(List<SettingsSource> sources, List<String> sets) {
    return read(Settings.class, sources, sets);
  }

  /**
   * {@code settings} with one of them changed.
   *
   * @throws InvalidSettingsException if there is no such setting, or it may not be that
   */
  public static Settings with(Settings settings, String key, String value) {
    Map<String, Object> values = RecordValues.of(settings);
    List<String> problems = new ArrayList<>();
    overlay(
        keysOf(Settings.class),
        List.of(new SettingEntry(key, value, "the run folder")),
        values,
        problems);
    return build(Settings.class, values, problems);
  }

  /**
   * How {@code now} differs from {@code then}, a line for each setting.
   *
   * @param wanted keys that count
   */
  public static List<String> differences(Settings then, Settings now, Predicate<String> wanted) {
    Map<String, Object> before = RecordValues.of(then);
    return changed(before, now)
        .filter(each -> wanted.test(each.getKey()))
        .map(
            each ->
                "%s is %s (was %s)"
                    .formatted(each.getKey(), each.getValue(), before.get(each.getKey())))
        .toList();
  }

  /**
   * What the setting {@code key} may be, where it is one of several words.
   *
   * @throws IllegalArgumentException if there is no such setting
   */
  public static List<String> choices(String key) {
    return List.of(key(key).setting().oneOf());
  }

  /**
   * What there is to know of the setting {@code key}.
   *
   * @throws IllegalArgumentException if there is no such setting
   */
  public static SettingNote note(String key) {
    SettingKey found = key(key);
    return new SettingNote(key, found.setting().value(), found.bounds(), found.setting().doc());
  }

  private static SettingKey key(String key) {
    return SettingKey.of(Settings.class).stream()
        .filter(each -> each.name().equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No setting is called " + key));
  }

  /** Settings of {@code now} that are not as in {@code then}, each as {@code key: value}. */
  public static List<String> changes(Settings then, Settings now) {
    return changed(RecordValues.of(then), now)
        .map(each -> each.getKey() + ": " + each.getValue())
        .toList();
  }

  private static Stream<Map.Entry<String, Object>> changed(
      Map<String, Object> before, Settings now) {
    return RecordValues.of(now).entrySet().stream()
        .filter(each -> !each.getValue().equals(before.get(each.getKey())));
  }

  /** {@code settings} as YAML that {@link #read} takes back, every key written out. */
  public static String toYaml(Settings settings) {
    return SettingsText.yaml(settings);
  }

  /**
   * A table of keys, defaults and what they are for, at most 80 characters wide.
   *
   * @param sections top-level keys, such as {@code ppo} and {@code seed}; none means all
   */
  public static String describe(String... sections) {
    List<String> wanted = Arrays.asList(sections);
    return SettingsText.table(
        SettingKey.of(Settings.class).stream()
            .filter(
                key ->
                    wanted.isEmpty()
                        || wanted.contains(key.section())
                        || wanted.contains(key.name()))
            .toList());
  }

  /** The same table for the site, one Markdown table a section. */
  public static String markdown() {
    return SettingsText.markdown(SettingKey.of(Settings.class));
  }

  static <T extends Record> T read(Class<T> type, List<SettingsSource> sources, List<String> sets) {
    List<String> problems = new ArrayList<>();
    List<SettingEntry> entries = new ArrayList<>();
    sources.forEach(source -> entries.addAll(YamlEntries.read(source, problems)));
    sets.forEach(set -> pair(set, entries, problems));
    Map<String, SettingKey> keys = keysOf(type);
    Map<String, Object> values = new LinkedHashMap<>();
    keys.forEach((name, key) -> values.put(name, key.defaultValue()));
    overlay(keys, entries, values, problems);
    return build(type, values, problems);
  }

  private static void pair(String set, List<SettingEntry> entries, List<String> problems) {
    int equals = set.indexOf('=');
    if (equals < 1) {
      problems.add("Invalid --set: %s (must be key=value)".formatted(set));
    } else {
      entries.add(
          new SettingEntry(set.substring(0, equals).strip(), set.substring(equals + 1), "--set"));
    }
  }

  private static Map<String, SettingKey> keysOf(Class<? extends Record> type) {
    Map<String, SettingKey> keys = new LinkedHashMap<>();
    SettingKey.of(type).forEach(key -> keys.put(key.name(), key));
    return keys;
  }

  private static void overlay(
      Map<String, SettingKey> keys,
      List<SettingEntry> entries,
      Map<String, Object> values,
      List<String> problems) {
    for (SettingEntry entry : entries) {
      if (keys.containsKey(entry.key())) {
        keys.get(entry.key())
            .parse(entry, problems)
            .ifPresent(value -> values.put(entry.key(), value));
      } else {
        noSetting(entry, keys.keySet()).ifPresent(problems::add);
      }
    }
  }

  /** What is wrong with an entry that is no setting; a section with nothing in it is all right. */
  private static Optional<String> noSetting(SettingEntry entry, Set<String> keys) {
    if (keys.stream().anyMatch(name -> name.startsWith(entry.key() + "."))) {
      return entry.text().isEmpty()
          ? Optional.empty()
          : Optional.of(entry.invalid("a section of key: value lines"));
    }
    return Optional.of(
        "Invalid key: %s (%s) at %s"
            .formatted(entry.key(), hint(entry.key(), keys), entry.where()));
  }

  private static String hint(String unknown, Set<String> keys) {
    String nearest =
        keys.stream()
            .min(Comparator.comparing(name -> DISTANCE.apply(unknown, name)))
            .orElseThrow();
    // Beyond half of its letters, the nearest key has nothing to do with what was written.
    return DISTANCE.apply(unknown, nearest) <= unknown.length() / 2
        ? "did you mean " + nearest + "?"
        : "there is no such setting";
  }

  private static <T extends Record> T build(
      Class<T> type, Map<String, Object> values, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return RecordValues.build(type, values);
  }
}
