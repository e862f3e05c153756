package org.plumbline;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where people look.
 *
 * @param out for results only
 * @param err for progress, warnings and failures
 */
record Console(PrintStream out, ConsoleProgress.Screen err) {
  private static final int USUAL_COLUMNS = 80;

  /** The console of this process; the launcher says what Java cannot find out about it. */
  @SuppressWarnings("SystemConsoleNull") // Asked only where no launcher has told us.
  static Console ofProcess() {
    String told = System.getenv("PLUMBLINE_TERMINAL");
    boolean terminal = told == null ? System.console() != null : told.equals("true");
    return new Console(
        inUtf8(System.out), new ConsoleProgress.Screen(inUtf8(System.err), terminal, columns()));
  }

  /** Whatever the locale says: JSON is UTF-8, and what a model writes may be any character. */
  private static PrintStream inUtf8(PrintStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  private static int columns() {
    String told = System.getenv("COLUMNS");
    return told != null && told.matches("[1-9]\\d{1,3}") ? Integer.parseInt(told) : USUAL_COLUMNS;
  }

  boolean terminal() {
    return err.terminal();
  }

  /** Says in one line what went wrong in {@code command}. */
  void complain(String command, String reason) {
    // A task that failed may have left its bar standing.
    String wipe = terminal() ? ConsoleProgress.WIPE : "";
    err.out().println(wipe + "plumbline " + command + ": " + reason);
  }
}
