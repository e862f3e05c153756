package org.plumbline.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.plumbline.model.ModelFolder;

/** Where templates come from: a model's folder, a file, or Plumbline. */
final class TemplateSource {
  private static final String AUTO = "auto";
  private static final String FILE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelFolder model;
  private final Configuration configuration;

  TemplateSource(String modelUri, Configuration configuration) {
    this.model = new ModelFolder(modelUri, configuration).tokenizerFolder();
    this.configuration = configuration;
  }

  ChatTemplate find(String setting) {
    if (setting.equals(AUTO)) {
      return own().orElse(NamedTemplate.DIALOGUE);
    }
    Optional<NamedTemplate> named = NamedTemplate.named(setting);
    if (named.isPresent()) {
      return named.get();
    }
    if (!setting.endsWith(".jinja")) {
      String names =
          Arrays.stream(NamedTemplate.values())
              .map(NamedTemplate::label)
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "Invalid tokens.chat-template: %s (must be auto, %s, or the path of a file that ends in .jinja)"
              .formatted(setting, names));
    }
    Path file = new Path(setting);
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      return jinja(setting, text(in));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read chat template " + setting + ": " + e.getMessage(), e);
    }
  }

  /** The model's own: the file, or else what its tokenizer's settings say. */
  private Optional<ChatTemplate> own() {
    if (model.has(FILE)) {
      try (InputStream in = model.open(FILE)) {
        return Optional.of(jinja(model.uri() + "/" + FILE, text(in)));
      } catch (IOException e) {
        throw unreadable(FILE, e);
      }
    }
    String label = model.uri() + "/" + CONFIG;
    return inConfig(config().path("chat_template"), label).map(source -> jinja(label, source));
  }

  /** One template, or several with names, of which {@code default} is meant. */
  private static Optional<String> inConfig(JsonNode templates, String label) {
    if (!templates.isArray()) {
      return templates.isTextual() ? Optional.of(templates.asText()) : Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (JsonNode template : templates) {
      names.add(template.path("name").asText());
      if (names.contains("default")) {
        return Optional.of(template.path("template").asText());
      }
    }
    throw new IllegalArgumentException(
        "Cannot choose a chat template of %s: it has %s, but no default"
            .formatted(label, String.join(", ", names)));
  }

  private JinjaTemplate jinja(String label, String source) {
    Map<String, String> tokens = new HashMap<>();
    config()
        .fields()
        .forEachRemaining(
            entry -> {
              JsonNode token = entry.getValue();
              JsonNode text = token.isObject() ? token.path("content") : token;
              if (entry.getKey().endsWith("_token") && text.isTextual()) {
                tokens.put(entry.getKey(), text.asText());
              }
            });
    return new JinjaTemplate(label, source, tokens, LocalDateTime.now());
  }

  private JsonNode config() {
    if (!model.has(CONFIG)) {
      return JSON.createObjectNode();
    }
    try (InputStream in = model.open(CONFIG)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw unreadable(CONFIG, e);
    }
  }

  private UncheckedIOException unreadable(String file, IOException e) {
    return new UncheckedIOException(
        "Cannot read %s/%s: %s".formatted(model.uri(), file, e.getMessage()), e);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
