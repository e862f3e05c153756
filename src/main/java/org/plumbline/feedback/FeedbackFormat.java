package org.plumbline.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.feedback.mapping.Mappings;

/** How feedback is laid out: the project's own layout, or whatever a mapping describes. */
sealed interface FeedbackFormat extends RowFormat
    permits PlumblineFormat, MappedFormat, AutoFormat {
  /** Whether the row's keys are those of this layout. */
  boolean recognises(JsonNode row);

  /** The layout that settings call {@code name}, or whose mapping lies there. */
  static FeedbackFormat named(String name, Configuration hadoop) {
    if (name.equals("auto")) {
      return AutoFormat.ready();
    }
    if (name.equals("plumbline")) {
      return new PlumblineFormat();
    }
    if (Mappings.READY.contains(name)) {
      return new MappedFormat(Mappings.ready(name));
    }
    if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
      throw new IllegalArgumentException(
          "Invalid feedback.format: %s (must be auto, plumbline, %s, or a mapping file's path that ends in .yaml)"
              .formatted(name, String.join(", ", Mappings.READY)));
    }
    return new MappedFormat(Mappings.at(name, hadoop));
  }
}
