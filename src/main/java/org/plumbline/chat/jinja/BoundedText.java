package org.plumbline.chat.jinja;

/** A text in the making, which has an end: one small template could ask for any length. */
final class BoundedText {
  private final StringBuilder text = new StringBuilder();

  void add(String piece) {
    require(piece.length());
    text.append(piece);
  }

  /** Adds so many spaces. */
  void indent(long spaces) {
    require(spaces);
    text.append(" ".repeat((int) Math.max(0, spaces)));
  }

  private void require(long more) {
    if (more > Scope.MOST_TEXT - text.length()) {
      throw new JinjaException("a text became too long");
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
