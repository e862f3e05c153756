package org.plumbline.quickstart;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that can be said in the quickstart, as {@code world.yaml} lists it.
 *
 * @param sentences role to variants, the favourite first
 * @param replies category to what it is, in the order of the file
 * @param feedback kind of feedback to how much of it there is
 * @param judges how likely it is that one, two, ... annotators judge an item
 * @param badRows share of feedback lines that no reader should take
 * @param tastes group to category to utility beyond true quality
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
record World(
    HeldOut heldOut,
    List<String> phrasings,
    Map<String, List<String>> sentences,
    Map<String, ReplyKind> replies,
    Map<String, Plan> feedback,
    List<Double> judges,
    double badRows,
    Map<String, Map<String, Double>> tastes,
    List<Annotator> annotators,
    List<Topic> topics) {
  private static final String RESOURCE = "world.yaml";

  /** Which prompts are kept for evaluation: {@code share} of all, and the one called always. */
  record HeldOut(double share, String always) {}

  /** How many items of a kind of feedback there are per prompt, and responses per item. */
  record Plan(double items, int responses) {}

  /** The world that comes with Plumbline. */
  static World load() {
    try (InputStream in = World.class.getResourceAsStream(RESOURCE)) {
      return new YAMLMapper().readValue(in, World.class);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE + ": " + e.getMessage(), e);
    }
  }

  /** The topic called {@code name}. */
  Topic topic(String name) {
    return topics.stream()
        .filter(topic -> topic.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid attribute topic: %s (must be a topic of the quickstart's world)"
                        .formatted(name)));
  }

  /** The other topics of {@code topic}'s kind. */
  List<Topic> others(Topic topic) {
    return topics.stream()
        .filter(other -> other.kind().equals(topic.kind()) && !other.equals(topic))
        .toList();
  }

  /** The categories of reply that the grammar can write to {@code topic}. */
  List<String> categories(Topic topic) {
    List<String> found = new ArrayList<>();
    replies.forEach(
        (category, kind) -> {
          if (kind.to().equals(topic.kind()) && !kind.forms().isEmpty()) {
            found.add(category);
          }
        });
    return found;
  }

  /** True quality of a reply of {@code category}. */
  double quality(String category) {
    return replies.get(category).quality();
  }
}
