package org.plumbline.feedback;

/**
 * A row with where it lies.
 *
 * @param name the file's path below the folder that was asked for, or a table's name
 * @param uri the file's full URI, or a table's name
 */
record Placed(String name, String uri, RawRow raw) {
  /** Where the entry at {@code place} of the row, from 0, comes from. */
  Origin origin(int place) {
    return new Origin(name, uri, raw.line(), raw.element(), place, raw.text());
  }
}
