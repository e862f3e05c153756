package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How rows of one format become judgments.
 *
 * @param name what the judgments' {@code source} is, where the mapping says nothing else
 * @param text the file that it was read from
 * @param recognise what a row of this format has
 * @param judgments what a row may say
 */
public record Mapping(
    String name, String text, List<FieldPath> recognise, List<JudgmentSpec> judgments)
    implements Serializable {
  /** How a mapping travels to executors: as its file, which is read again there. */
  private record Written(String name, String text) implements Serializable {
    Object readResolve() {
      return MappingReader.read(name, name, text);
    }
  }

  Object writeReplace() {
    return new Written(name, text);
  }

  /** Whether the row has the keys of this format. */
  public boolean recognises(JsonNode row) {
    Scope scope = Scope.of(row);
    return recognise.stream().noneMatch(path -> path.in(scope).isMissingNode());
  }

  /**
   * All that the row says, in the project's own layout, in the order of the mapping. What is wrong
   * with a value is said by whoever reads that layout.
   */
  public List<Mapped> read(JsonNode row) {
    if (!row.isObject()) {
      return List.of(
          Mapped.refused(Unmapped.invalid("row", FieldPath.type(row), "an object").getMessage()));
    }
    Scope scope = Scope.of(row);
    List<Mapped> all = new ArrayList<>();
    judgments.forEach(spec -> all.addAll(spec.in(scope)));
    judgments.stream()
        .collect(
            Collectors.groupingBy(JudgmentSpec::loops, LinkedHashMap::new, Collectors.toList()))
        .forEach((loops, specs) -> all.addAll(unread(loops, specs, scope)));
    return all.isEmpty()
        ? List.of(
            Mapped.refused(
                Unmapped.invalid("row", "no judgment", "one that somebody judged").getMessage()))
        : all;
  }

  private static String refusal(List<JudgmentSpec> specs, Scope scope) {
    FieldPath path = specs.get(0).when().get(0).path();
    List<String> read =
        specs.stream()
            .flatMap(spec -> spec.when().stream())
            .filter(condition -> condition.path().equals(path))
            .flatMap(condition -> condition.values().stream())
            .distinct()
            .toList();
    JsonNode found = path.in(scope);
    String value = found.isValueNode() ? found.asText() : FieldPath.type(found);
    return Unmapped.invalid(path.text(), value, String.join(" or ", read)).getMessage();
  }

  /** What {@code loops} come by and none of {@code specs} takes: nothing that is said is lost. */
  private static List<Mapped> unread(List<Loop> loops, List<JudgmentSpec> specs, Scope row) {
    List<Mapped> unread = new ArrayList<>();
    if (loops.isEmpty() || specs.stream().anyMatch(spec -> spec.when().isEmpty())) {
      return unread;
    }
    try {
      for (Scope scope : Loop.nest(loops, row)) {
        if (specs.stream().noneMatch(spec -> spec.takes(scope))) {
          unread.add(Mapped.refused(refusal(specs, scope)));
        }
      }
    } catch (Unmapped e) {
      // Each of the specs has said so.
      return unread;
    }
    return unread;
  }
}
