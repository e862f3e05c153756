package org.plumbline.quickstart;

import java.util.List;

/**
 * What is put before annotators: the same to each of them.
 *
 * @param kind {@code ranking}, {@code choice}, {@code binary}, {@code rating} or {@code critique}
 */
record FeedbackItem(WorldPrompt prompt, String kind, List<Reply> replies) {
  /** What the response at {@code index} is called. */
  static String id(int index) {
    return String.valueOf((char) ('a' + index));
  }
}
