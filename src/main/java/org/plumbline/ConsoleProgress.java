package org.plumbline;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.plumbline.stage.Progress;

/**
 * Progress on a console: one line that is redrawn on a terminal, a line every few seconds anywhere
 * else. A task begun within another is shown in its place while it runs, and leaves no line.
 */
final class ConsoleProgress implements Progress {
  /** Returns to the line's begin and wipes it; log lines start with it too. */
  static final String WIPE = "\r\u001b[K";

  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * Where lines go.
   *
   * @param terminal whether a line can be drawn over
   * @param columns width of the terminal
   */
  record Screen(PrintStream out, boolean terminal, int columns) {}

  private final Screen screen;
  private final LongSupplier nanoTime;
  private final Deque<ConsoleBar> open = new ArrayDeque<>();
  private long shownAt;

  ConsoleProgress(Screen screen, LongSupplier nanoTime) {
    this.screen = screen;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized Bar begin(String task, long total) {
    long now = nanoTime.getAsLong();
    if (open.isEmpty()) {
      shownAt = now;
    }
    ConsoleBar bar = new ConsoleBar(task, total, now);
    open.push(bar);
    redraw(now);
    return bar;
  }

  @Override
  public synchronized void say(String line) {
    screen.out().println(wipe() + line);
    redraw(nanoTime.getAsLong());
  }

  private synchronized void tell(ConsoleBar bar, long done, String note) {
    long now = nanoTime.getAsLong();
    bar.record(done, note, now);
    if (bar != open.peek()) {
      return;
    }
    if (screen.terminal() && now - shownAt >= REDRAW_NANOS) {
      redraw(now);
    } else if (!screen.terminal() && now - shownAt >= LINE_NANOS) {
      screen.out().println(bar.line(now).plain());
      shownAt = now;
    }
  }

  private synchronized void end(ConsoleBar bar) {
    if (!open.remove(bar)) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (open.isEmpty()) {
      screen.out().println(wipe() + bar.line(now).last());
    } else {
      redraw(now);
    }
  }

  private void redraw(long now) {
    ConsoleBar bar = open.peek();
    if (bar == null || !screen.terminal()) {
      return;
    }
    String line = bar.line(now).drawn();
    // The last column stays free: some terminals wrap as soon as it is written.
    int room = Math.min(line.length(), screen.columns() - 1);
    screen.out().print(wipe() + line.substring(0, room));
    screen.out().flush();
    shownAt = now;
  }

  private String wipe() {
    return screen.terminal() ? WIPE : "";
  }

  /** Guarded by the progress that made it. */
  private final class ConsoleBar implements Bar {
    private final String task;
    private final long total;
    private final long begun;
    private long done;
    private String note = "";
    private boolean reported;
    private long firstDone;
    private long firstAt;

    ConsoleBar(String task, long total, long begun) {
      this.task = task;
      this.total = total;
      this.begun = begun;
    }

    void record(long stepsDone, String figure, long now) {
      if (!reported) {
        // The rate counts from here: before lie warm-up, and what an earlier run had done.
        reported = true;
        firstDone = stepsDone;
        firstAt = now;
      }
      done = stepsDone;
      note = figure;
    }

    ProgressLine line(long now) {
      double measured = (now - firstAt) / 1e9;
      double rate = reported && measured > 0 ? (done - firstDone) / measured : 0;
      return new ProgressLine(task, total, done, rate, (now - begun) / 1e9, note);
    }

    @Override
    public void at(long stepsDone, String figure) {
      tell(this, stepsDone, figure);
    }

    @Override
    public void close() {
      end(this);
    }
  }
}
