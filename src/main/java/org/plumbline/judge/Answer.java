package org.plumbline.judge;

import java.util.Map;

/**
 * A completion with what is known of its prompt.
 *
 * @param attributes what the prompt's source says of it, as in the prompts table
 * @param completion the text that the policy wrote, without special tokens
 */
public record Answer(Map<String, String> attributes, String completion) {
  /**
   * The attribute {@code name}.
   *
   * @throws IllegalArgumentException if the prompt does not have it
   */
  String attribute(String name) {
    String value = attributes.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "Cannot find attribute %s of a prompt (it has %s)".formatted(name, attributes.keySet()));
    }
    return value;
  }
}
