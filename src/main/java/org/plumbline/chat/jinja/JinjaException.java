package org.plumbline.chat.jinja;

/** A template that cannot be read, or that cannot or will not render what it is given. */
public final class JinjaException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  JinjaException(String message) {
    super(message);
  }
}
