package org.plumbline.curate;

import java.io.Serializable;

/**
 * Runs of the same answer in a stretch of an annotator's judgments. Stretches that follow each
 * other can be joined, so that nobody's judgments need to be in one place.
 *
 * @param turns judgments in the stretch, with or without an answer that is known
 * @param answers those with one
 * @param first the first answer, and {@code firstRun} how often it was given in a row
 * @param last the last answer, and {@code lastRun} how often it was given in a row
 * @param longest run
 */
record Streak(
    long turns, long answers, String first, long firstRun, String last, long lastRun, long longest)
    implements Serializable {
  static final Streak NONE = new Streak(0, 0, null, 0, null, 0, 0);

  /** One judgment; {@code answer} is null if it is not known. */
  static Streak of(String answer) {
    return answer == null
        ? new Streak(1, 0, null, 0, null, 0, 0)
        : new Streak(1, 1, answer, 1, answer, 1, 1);
  }

  /** This stretch, and what follows it. */
  Streak then(Streak next) {
    if (answers == 0 || next.answers == 0) {
      Streak only = answers == 0 ? next : this;
      return new Streak(
          turns + next.turns,
          only.answers,
          only.first,
          only.firstRun,
          only.last,
          only.lastRun,
          only.longest);
    }
    boolean goesOn = last.equals(next.first);
    long across = lastRun + next.firstRun;
    return new Streak(
        turns + next.turns,
        answers + next.answers,
        first,
        goesOn && firstRun == answers ? firstRun + next.firstRun : firstRun,
        next.last,
        goesOn && next.lastRun == next.answers ? lastRun + next.lastRun : next.lastRun,
        Math.max(Math.max(longest, next.longest), goesOn ? across : 0));
  }
}
