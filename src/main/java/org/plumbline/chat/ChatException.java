package org.plumbline.chat;

/** A dialogue that a chat template refuses, or whose turns cannot be told apart in its text. */
public final class ChatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ChatException(String message) {
    super(message);
  }
}
