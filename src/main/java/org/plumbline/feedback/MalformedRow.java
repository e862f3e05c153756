package org.plumbline.feedback;

/**
 * A row that cannot be used. The message is the reason: it names the field and what it must be, and
 * takes few different values, so that reasons can be counted.
 */
final class MalformedRow extends Exception {
  private static final long serialVersionUID = 1;

  MalformedRow(String reason) {
    // Rows are refused by the thousand: without a stack trace that costs next to nothing.
    super(reason, null, false, false);
  }

  static MalformedRow invalid(String field, String found, String must) {
    return new MalformedRow("Invalid %s: %s (must be %s)".formatted(field, found, must));
  }
}
