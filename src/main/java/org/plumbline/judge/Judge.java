package org.plumbline.judge;

import java.io.Serializable;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Says by rule what a completion is worth. Implementations are found by {@link ServiceLoader}. */
public interface Judge extends Serializable {
  /** The name by which settings refer to this judge. */
  String name();

  /**
   * Judges one completion.
   *
   * @param attributes what the prompt's source says of it, as in the prompts table
   * @param completion the text that the policy wrote, without special tokens
   */
  Verdict judge(Map<String, String> attributes, String completion);

  /**
   * The judge called {@code name}.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Judge named(String name) {
    ServiceLoader<Judge> judges = ServiceLoader.load(Judge.class, Judge.class.getClassLoader());
    return StreamSupport.stream(judges.spliterator(), false)
        .filter(judge -> judge.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid judge: %s (must be one of %s)"
                        .formatted(
                            name,
                            StreamSupport.stream(judges.spliterator(), false)
                                .map(Judge::name)
                                .collect(Collectors.joining(", ")))));
  }
}
