package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Reads one mapping file. */
final class MappingReader {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final Problems problems;
  private final JudgmentReader judgments;

  private MappingReader(Problems problems) {
    this.problems = problems;
    this.judgments = new JudgmentReader(problems);
  }

  /**
   * The mapping that {@code text} writes.
   *
   * @param name what its judgments' source is
   * @param file where the text comes from, for complaints
   * @throws IllegalArgumentException listing all that is wrong, with file, key and value
   */
  static Mapping read(String name, String file, String text) {
    Problems problems = new Problems(file);
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? file : file + ":" + e.getLocation().getLineNr();
      throw new IllegalArgumentException(
          "Cannot read %s: %s".formatted(place, e.getOriginalMessage().lines().findFirst().get()),
          e);
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("Cannot read " + file + ": no key: value line in it");
    }
    Mapping mapping = new MappingReader(problems).mapping(name, text, root);
    problems.throwIfAny();
    return mapping;
  }

  private Mapping mapping(String name, String text, JsonNode root) {
    refuseUnknown("", root, true);
    List<FieldPath> recognise = new ArrayList<>();
    ValueReader values = new ValueReader(problems);
    for (JsonNode path : root.path("recognise")) {
      values.path("recognise", path, new HashSet<>()).ifPresent(recognise::add);
    }
    if (root.path("recognise").isEmpty()) {
      problems.add("recognise", root.path("recognise"), "a list of paths that every row has");
    }
    List<JudgmentSpec> specs = new ArrayList<>();
    JsonNode list = root.path("judgments");
    if (list.isMissingNode()) {
      specs.add(judgments.read("", root, MissingNode.getInstance()));
    } else if (!list.isArray() || list.isEmpty()) {
      problems.add("judgments", list, "a list of judgments");
    }
    for (int i = 0; i < list.size(); i++) {
      String at = "judgments[" + i + "].";
      refuseUnknown(at, list.get(i), false);
      specs.add(judgments.read(at, list.get(i), root));
    }
    return new Mapping(name, text, List.copyOf(recognise), List.copyOf(specs));
  }

  private void refuseUnknown(String at, JsonNode node, boolean top) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              boolean known =
                  JudgmentReader.knows(key)
                      || (top && (key.equals("recognise") || key.equals("judgments")));
              if (!known) {
                problems.add(at + key, node.get(key), "one of " + JudgmentReader.keys());
              }
            });
  }
}
