package org.plumbline.quickstart;

/** What was replied, and what it truly is. */
record Reply(String category, double quality, String text) {
  int words() {
    return text.split(" ").length;
  }
}
