package org.plumbline.feedback.mapping;

/**
 * What a mapping asks for is not in the row. The message is the reason; it never quotes the row.
 */
final class Unmapped extends Exception {
  private static final long serialVersionUID = 1;

  private Unmapped(String reason) {
    super(reason, null, false, false);
  }

  static Unmapped invalid(String field, String found, String must) {
    return new Unmapped("Invalid %s: %s (must be %s)".formatted(field, found, must));
  }
}
