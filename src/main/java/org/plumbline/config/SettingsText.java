package org.plumbline.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.WordUtils;

/** Settings as people read them: YAML, a table for the console, a table for the site. */
final class SettingsText {
  private static final int WIDTH = 80;
  private static final String NO_BREAK = "\u00a0";
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  private SettingsText() {}

  static String yaml(Record settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    RecordValues.of(settings).forEach((name, value) -> place(tree, name, value));
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write settings: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("unchecked")
  private static void place(Map<String, Object> tree, String name, Object value) {
    Map<String, Object> section = tree;
    String[] path = name.split("\\.", -1);
    for (int i = 0; i < path.length - 1; i++) {
      section =
          (Map<String, Object>) section.computeIfAbsent(path[i], key -> new LinkedHashMap<>());
    }
    section.put(path[path.length - 1], value instanceof List<?> list ? plain(list) : value);
  }

  private static List<?> plain(List<?> list) {
    return list.stream()
        .map(each -> each instanceof Record section ? RecordValues.of(section) : each)
        .toList();
  }

  /** Three columns: key, default, purpose with bounds; the last one wraps. */
  static String table(List<SettingKey> keys) {
    int name = keys.stream().mapToInt(key -> key.name().length()).max().orElse(0);
    int value = keys.stream().mapToInt(key -> shown(key).length()).max().orElse(0);
    int indent = 2 + name + 2 + value + 2;
    StringBuilder table = new StringBuilder();
    for (SettingKey key : keys) {
      String purpose =
          WordUtils.wrap(purpose(key), WIDTH - indent, "\n" + " ".repeat(indent), false)
              .replace(NO_BREAK, " ");
      table.append(
          ("  %-" + name + "s  %-" + value + "s  %s%n").formatted(key.name(), shown(key), purpose));
    }
    return table.toString();
  }

  private static String purpose(SettingKey key) {
    if (key.bounds().isEmpty()) {
      return key.setting().doc();
    }
    boolean words = key.setting().oneOf().length > 0;
    String bounds = words ? key.bounds() : key.bounds().replace(" ", NO_BREAK);
    return key.setting().doc() + " (" + bounds + ")";
  }

  private static String shown(SettingKey key) {
    return key.setting().value().isEmpty() ? "''" : key.setting().value();
  }

  static String markdown(List<SettingKey> keys) {
    StringBuilder text = new StringBuilder();
    String section = null;
    for (SettingKey key : keys) {
      if (!key.section().equals(section)) {
        section = key.section();
        text.append("\n## ").append(section.isEmpty() ? "The run" : section).append("\n\n");
        text.append("| key | default | allowed | purpose |\n|---|---|---|---|\n");
      }
      text.append(
          "| `%s` | `%s` | %s | %s |\n"
              .formatted(key.name(), shown(key), key.bounds(), key.setting().doc()));
    }
    return text.toString();
  }
}
