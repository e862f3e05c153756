package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** What has been written, and which of it {@code generation} blocks wrote. */
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final List<Jinja.Span> generations = new ArrayList<>();

  void write(String piece) {
    if (text.length() + piece.length() > Scope.MOST_TEXT) {
      throw new JinjaException("the output became too long");
    }
    text.append(piece);
  }

  int length() {
    return text.length();
  }

  void generated(int start) {
    generations.add(new Jinja.Span(start, text.length()));
  }

  List<Jinja.Span> generations() {
    return List.copyOf(generations);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
