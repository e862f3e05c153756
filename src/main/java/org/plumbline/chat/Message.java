package org.plumbline.chat;

import java.io.Serializable;

/**
 * One turn of a dialogue.
 *
 * @param role system, user or assistant
 */
public record Message(String role, String content) implements Serializable {
  static final String SYSTEM = "system";
  static final String USER = "user";
  static final String ASSISTANT = "assistant";

  /** What an assistant said. */
  public static Message response(String content) {
    return new Message(ASSISTANT, content);
  }

  boolean isFrom(String someone) {
    return role.equals(someone);
  }
}
