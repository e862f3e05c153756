package org.plumbline.tokens;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** How the turns of a dialogue become one text, up to where the response starts. */
enum ChatTemplate {
  /** As in HH-RLHF: {@code "\n\nHuman: ...\n\nAssistant:"}, then a space and the response. */
  DIALOGUE {
    @Override
    String prompt(List<Row> messages) {
      return messages.stream()
              .map(message -> "\n\n" + speaker(message.getString(0)) + ": " + message.getString(1))
              .collect(Collectors.joining())
          + "\n\nAssistant:";
    }

    @Override
    String response(String text) {
      return " " + text;
    }
  },

  /** The turns as they are, a line each, and the response right behind. */
  PLAIN {
    @Override
    String prompt(List<Row> messages) {
      return messages.stream().map(m -> m.getString(1)).collect(Collectors.joining("\n"));
    }

    @Override
    String response(String text) {
      return text;
    }
  };

  /** The text that a response follows. */
  abstract String prompt(List<Row> messages);

  /** The response as it follows the prompt. */
  abstract String response(String text);

  static ChatTemplate named(String name) {
    return Arrays.stream(values())
        .filter(template -> template.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid tokens.chat-template: " + name + " (must be dialogue or plain)"));
  }

  private static String speaker(String role) {
    return switch (role) {
      case "user" -> "Human";
      case "assistant" -> "Assistant";
      case "system" -> "System";
      default ->
          throw new IllegalArgumentException(
              "Invalid role: " + role + " (must be system, user or assistant)");
    };
  }
}
