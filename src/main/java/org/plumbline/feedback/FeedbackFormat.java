package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;

/** How feedback is laid out in files: one class a layout, each row to one row of the table. */
sealed interface FeedbackFormat extends RowFormat
    permits PlumblineFormat, HhRlhfFormat, AutoFormat {
  /** Whether the row's keys are those of this layout. */
  boolean recognises(JsonNode row);

  /** The layout that settings call {@code name}. */
  static FeedbackFormat named(String name) {
    return switch (name) {
      case "auto" -> new AutoFormat();
      case "plumbline" -> new PlumblineFormat();
      case "hh-rlhf" -> new HhRlhfFormat();
      default ->
          throw new IllegalArgumentException(
              "Invalid feedback.format: " + name + " (must be auto, plumbline or hh-rlhf)");
    };
  }
}
