package org.plumbline.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes into an equation, and what comes out by the formula.
 *
 * @param name of the equation, as in {@code dpo/sigmoid}
 * @param source where the formula is from, for people; may be empty
 * @param params the equation's numbers by name
 * @param inputs arrays by name
 * @param expected outputs by name, at least one
 */
public record GoldenCase(
    String name, String source, ObjectNode params, ObjectNode inputs, ObjectNode expected) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /**
   * The cases of a file: {@code {"cases": [{"case", "source", "params", "inputs", "expected"}]}}.
   *
   * @throws IllegalArgumentException saying what is wrong, if the text is not of that form
   */
  public static List<GoldenCase> read(String text) {
    JsonNode cases = json(text).path("cases");
    if (!cases.isArray() || cases.isEmpty()) {
      throw new IllegalArgumentException("no cases");
    }
    List<GoldenCase> read = new ArrayList<>();
    for (JsonNode one : cases) {
      read.add(of(one, read.size() + 1));
    }
    return read;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      throw new IllegalArgumentException("not JSON" + where + ": " + e.getOriginalMessage(), e);
    }
  }

  private static GoldenCase of(JsonNode one, int number) {
    if (!one.path("case").isTextual()) {
      throw new IllegalArgumentException("case %d has no name (\"case\")".formatted(number));
    }
    GoldenCase read =
        new GoldenCase(
            one.get("case").asText(),
            one.path("source").asText(),
            object(one, "params", number),
            object(one, "inputs", number),
            object(one, "expected", number));
    if (read.expected.isEmpty()) {
      // It could not fail.
      throw new IllegalArgumentException("case %d expects nothing".formatted(number));
    }
    return read;
  }

  private static ObjectNode object(JsonNode one, String key, int number) {
    JsonNode value = one.path(key);
    if (value instanceof ObjectNode object) {
      return object;
    }
    if (value.isMissingNode()) {
      return JSON.createObjectNode();
    }
    throw new IllegalArgumentException(
        "\"%s\" of case %d is no object: %s".formatted(key, number, value));
  }

  /** Name and parameters. */
  @Override
  public String toString() {
    return name + " " + params;
  }
}
