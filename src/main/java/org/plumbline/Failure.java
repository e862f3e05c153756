package org.plumbline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says in one line why something failed. */
final class Failure {
  private static final Pattern PRINTED =
      Pattern.compile("(?:.*[ :])?[\\w.$]+(?:Exception|Error): ((?:Cannot|Invalid) .*)");

  private Failure() {}

  /**
   * The reason to show for {@code thrown}: the outermost message that is a sentence of ours, since
   * Spark wraps what tasks throw; else the first such sentence in the stack traces that Spark
   * prints into its own messages, which are all that it keeps of a task of a barrier stage; if
   * there is none either, the first line of the innermost message.
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
    Optional<String> printed = causes.stream().flatMap(Failure::printed).findFirst();
    if (printed.isPresent()) {
      return printed.get();
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

  private static Stream<String> printed(Throwable thrown) {
    return Stream.ofNullable(thrown.getMessage())
        .flatMap(String::lines)
        .map(PRINTED::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1));
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("").strip();
  }
}
