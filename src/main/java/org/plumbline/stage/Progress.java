package org.plumbline.stage;

/** Tells people how far long work has come. */
public interface Progress {
  /** Begins a task of {@code total} steps, named as people know it. */
  Bar begin(String task, long total);

  /** Says one line that stays. */
  void say(String line);

  /** One task's bar; closing it leaves its last state on the screen. */
  interface Bar extends AutoCloseable {
    /** {@code done} steps of the total are done; {@code note} is a short figure, such as a loss. */
    void at(long done, String note);

    @Override
    void close();
  }

  /** Says nothing. */
  static Progress silent() {
    return new Progress() {
      @Override
      public Bar begin(String task, long total) {
        return new Bar() {
          @Override
          public void at(long done, String note) {}

          @Override
          public void close() {}
        };
      }

      @Override
      public void say(String line) {}
    };
  }
}
