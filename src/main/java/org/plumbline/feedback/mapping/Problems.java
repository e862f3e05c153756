package org.plumbline.feedback.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** All that is wrong with one mapping file, so that one look mends it all. */
final class Problems {
  private final String file;
  private final List<String> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(String key, JsonNode value, String must) {
    add(key, value.isMissingNode() ? "missing" : value.toString(), must);
  }

  void add(String key, String value, String must) {
    String problem = "Invalid %s: %s (must be %s) at %s".formatted(key, value, must, file);
    // What judgments share is read with each of them.
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(String.join(System.lineSeparator(), found));
    }
  }
}
