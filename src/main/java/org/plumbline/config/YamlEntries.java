package org.plumbline.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one YAML text token by token. That keeps the line of every entry, the text of every number
 * as it was written, and both of two equal keys; a parsed tree has lost all three.
 */
final class YamlEntries {
  private static final YAMLFactory YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .getFactory();

  private final SettingsSource source;
  private final List<String> problems;
  private final List<SettingEntry> entries = new ArrayList<>();
  private final Map<String, String> firstPlaces = new HashMap<>();

  private YamlEntries(SettingsSource source, List<String> problems) {
    this.source = source;
    this.problems = problems;
  }

  /** All entries of {@code source}; what cannot be read is added to {@code problems}. */
  static List<SettingEntry> read(SettingsSource source, List<String> problems) {
    YamlEntries reader = new YamlEntries(source, problems);
    try (YAMLParser parser = YAML.createParser(source.text())) {
      reader.document(parser);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("not YAML");
      problems.add("Cannot read %s: %s".formatted(reader.place(e.getLocation()), reason));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + source.name() + ": " + e.getMessage(), e);
    }
    return reader.entries;
  }

  private void document(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return;
    }
    if (first != JsonToken.START_OBJECT) {
      problems.add("Cannot read " + source.name() + ": no section or key: value line in it");
      return;
    }
    section("", parser);
    if (parser.nextToken() != null) {
      problems.add("Cannot read " + place(parser.currentTokenLocation()) + ": a second document");
    }
  }

  private void section(String prefix, YAMLParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = prefix + parser.getCurrentName();
      String where = place(parser.currentTokenLocation());
      String first = firstPlaces.putIfAbsent(key, where);
      if (first != null) {
        problems.add(
            "Invalid %s: given twice (must be given once) at %s and %s"
                .formatted(key, first, where));
      }
      value(key, where, parser);
    }
  }

  private void value(String key, String where, YAMLParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      section(key + ".", parser);
    } else if (token == JsonToken.START_ARRAY) {
      list(key, where, parser);
    } else if (parser.isCurrentAlias()) {
      String alias = "*" + parser.getText();
      problems.add(new SettingEntry(key, alias, where).invalid("written out"));
    } else {
      String text = token == JsonToken.VALUE_NULL ? "" : parser.getText();
      entries.add(new SettingEntry(key, text, where));
    }
  }

  private void list(String key, String where, YAMLParser parser) throws IOException {
    List<SettingEntry.Element> elements = new ArrayList<>();
    boolean flat = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        String place = place(parser.currentTokenLocation());
        elements.add(
            new SettingEntry.Element(parser.readValueAsTree().toString(), Optional.of(place)));
      } else if (parser.currentToken().isScalarValue() && !parser.isCurrentAlias()) {
        elements.add(new SettingEntry.Element(parser.getText(), Optional.empty()));
      } else {
        flat = false;
        parser.skipChildren();
      }
    }
    if (flat) {
      entries.add(new SettingEntry(key, "a list", where, Optional.of(List.copyOf(elements))));
    } else {
      problems.add(new SettingEntry(key, "a list", where).invalid("a flat list"));
    }
  }

  private String place(JsonLocation location) {
    return location == null ? source.name() : source.name() + ":" + location.getLineNr();
  }
}
