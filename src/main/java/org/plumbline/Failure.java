package org.plumbline;

import java.util.ArrayList;
import java.util.List;

/** Says in one line why something failed. */
final class Failure {
  private Failure() {}

  /**
   * The reason to show for {@code thrown}: the outermost message that is a sentence of ours, since
   * Spark wraps what tasks throw and prints whole stack traces into its own messages; if there is
   * none, the first line of the innermost message.
   */
  static String line(Throwable thrown) {
    if (thrown instanceof JobFailedException) {
      return thrown.getMessage();
    }
    List<Throwable> causes = causes(thrown);
    for (Throwable cause : causes) {
      String message = firstLine(cause.getMessage());
      if (message.startsWith("Cannot ") || message.startsWith("Invalid ")) {
        return message;
      }
    }
    Throwable root = causes.get(causes.size() - 1);
    String message = firstLine(root.getMessage());
    String type = root.getClass().getSimpleName();
    return message.isEmpty() ? type : type + ": " + message;
  }

  private static List<Throwable> causes(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = thrown;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("").strip();
  }
}
