package org.plumbline.chat.jinja;

/**
 * A piece of a template.
 *
 * @param text what it says; of a string, what the string means
 * @param line counted from 1
 */
record Token(Kind kind, String text, int line) {
  /** What a piece is. */
  enum Kind {
    /** Goes to the output as it is. */
    TEXT,
    /** Opens <code>{{</code> or <code>{%</code>. */
    OPEN,
    /** Closes what was opened. */
    CLOSE,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    /** The end of the template. */
    END
  }

  /** Whether it is this name, operator or bracket, and not a string that reads the same. */
  boolean is(String symbol) {
    return text.equals(symbol) && kind != Kind.STRING && kind != Kind.TEXT && kind != Kind.END;
  }
}
