package org.plumbline.chat.jinja;

/** Something that writes. */
interface Statement {
  /** What comes next: the statement after this one, or the end of the loop or of its round. */
  enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  Flow run(Scope scope, Output output);
}
