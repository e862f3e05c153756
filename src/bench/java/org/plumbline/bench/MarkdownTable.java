package org.plumbline.bench;

import java.util.List;

/** A table for a page, printed row by row as its figures come. */
final class MarkdownTable {
  private MarkdownTable() {}

  static void header(List<String> columns) {
    row(columns);
    row(columns.stream().map(column -> "---").toList());
  }

  static void row(List<String> cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }
}
