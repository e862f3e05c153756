package org.plumbline.feedback;

import java.util.Map;

/** One thing that a row of a file says. */
sealed interface Entry {
  /**
   * It can be used.
   *
   * @param columns the columns that it fills, by name; columns that are left out are null
   */
  record Kept(Map<String, Object> columns) implements Entry {}

  /** It cannot, for a reason. */
  record Refused(String reason) implements Entry {}
}
