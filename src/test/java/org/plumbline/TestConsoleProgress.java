package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.plumbline.stage.Progress;

class TestConsoleProgress {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = TimeUnit.DAYS.toNanos(-3);

  @Test
  void offATerminalThereIsALineEveryFiveSecondsAndOneAtTheEnd() {
    try (Progress.Bar bar = progress(false, 80).begin("sft", 20)) {
      for (int step = 1; step <= 20; step++) {
        passMillis(1000);
        bar.at(step, "loss " + (20 - step));
      }
    }

    assertThat(shown().lines())
        .containsExactly(
            "sft   25 %  5/20  1.0/s  0:15 left  loss 15",
            "sft   50 %  10/20  1.0/s  0:10 left  loss 10",
            "sft   75 %  15/20  1.0/s  0:05 left  loss 5",
            "sft  100 %  20/20  1.0/s  0:00 left  loss 0",
            "sft  20/20  in 0:20  1.0/s  loss 0");
  }

  @Test
  void onATerminalTheLineIsRedrawnAtMostTenTimesASecond() {
    try (Progress.Bar bar = progress(true, 80).begin("reward", 100)) {
      for (int step = 1; step <= 50; step++) {
        passMillis(10);
        bar.at(step, "");
      }
    }

    assertThat(shown())
        .isEqualTo(
            drawn("reward        [--------------------]    0 %  0/100")
                + drawn("reward        [##------------------]   10 %  10/100  100/s  0:01 left")
                + drawn("reward        [####----------------]   20 %  20/100  100/s  0:01 left")
                + drawn("reward        [######--------------]   30 %  30/100  100/s  0:01 left")
                + drawn("reward        [########------------]   40 %  40/100  100/s  0:01 left")
                + drawn("reward        [##########----------]   50 %  50/100  100/s  0:01 left")
                + drawn("reward  50/100  in 0:01  100/s" + System.lineSeparator()));
  }

  @Test
  void aLineNeverFillsTheTerminal() {
    progress(true, 30).begin("a task with a long name", 10).at(1, "loss 1.234");

    assertThat(shown()).isEqualTo(drawn("a task with a long name  [-----".substring(0, 29)));
  }

  @Test
  void whatIsSaidStandsAboveTheBar() {
    Progress progress = progress(true, 80);
    Progress.Bar bar = progress.begin("sft", 4);
    progress.say("checkpoint written");
    bar.close();

    assertThat(shown())
        .isEqualTo(
            drawn("sft           [--------------------]    0 %  0/4")
                + drawn("checkpoint written" + System.lineSeparator())
                + drawn("sft           [--------------------]    0 %  0/4")
                + drawn("sft  0/4  in 0:00" + System.lineSeparator()));
  }

  @Test
  void aTaskWithinATaskLeavesNoLine() {
    Progress progress = progress(false, 80);
    Progress.Bar outer = progress.begin("policy", 2);
    try (Progress.Bar inner = progress.begin("rollout", 8)) {
      passMillis(6000);
      inner.at(4, "");
      outer.at(1, "hidden while the inner one runs");
    }
    outer.at(2, "KL 0.1");
    outer.close();
    outer.close();

    assertThat(shown().lines())
        .containsExactly("rollout   50 %  4/8", "policy  2/2  in 0:06  KL 0.1");
  }

  @Test
  void theRateLeavesOutWhatWasDoneBefore() {
    try (Progress.Bar bar = progress(false, 80).begin("dpo", 200)) {
      passMillis(1000);
      bar.at(100, "");
      passMillis(60_000);
      bar.at(102, "");
    }

    assertThat(shown().lines())
        .containsExactly(
            "dpo   51 %  102/200  2.0/min  49:00 left", "dpo  102/200  in 1:01  2.0/min");
  }

  @Test
  void hoursAreShownAsHours() {
    assertThat(new ProgressLine("x", 7300, 0, 1, 0, "").plain()).contains("2:01:40 left");
  }

  @Test
  void aTaskOfUnknownLengthShowsItsCountAlone() {
    assertThat(new ProgressLine("read", 0, 12, 3, 4, "").plain()).isEqualTo("read  12  3.0/s");
  }

  private ConsoleProgress progress(boolean terminal, int columns) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ConsoleProgress(new ConsoleProgress.Screen(out, terminal, columns), () -> now);
  }

  private void passMillis(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static String drawn(String text) {
    return "\r\u001b[K" + text;
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
