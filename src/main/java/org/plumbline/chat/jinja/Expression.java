package org.plumbline.chat.jinja;

/** Something with a value. */
interface Expression {
  Object value(Scope scope);
}
