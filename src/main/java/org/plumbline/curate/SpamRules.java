package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.config.SpamSettings;

/** Who may not have looked at what they judged. A rule that rests on too little says nothing. */
record SpamRules(SpamSettings settings) {
  static final String TOO_FAST = "too fast";
  static final String STREAK = "long streak";
  static final String GOLD = "wrong on gold";
  static final String CHANCE = "agrees by chance";
  static final String POSITION = "same position";

  /** The rules that an annotator breaks. */
  List<String> broken(Census.Person person, Habits habits, Streak streak) {
    List<String> flags = new ArrayList<>();
    if (person.timed() >= settings.minJudgments() && person.fastShare() > settings.maxFastShare()) {
      flags.add(TOO_FAST);
    }
    if (streak.answers() >= settings.minJudgments() && streak.longest() > settings.maxStreak()) {
      flags.add(STREAK);
    }
    if (enough(habits.gold()) && habits.gold().value() < settings.minGoldAccuracy()) {
      flags.add(GOLD);
    }
    if (enough(habits.agreement()) && habits.agreement().value() < settings.minAgreement()) {
      flags.add(CHANCE);
    }
    if (enough(habits.first()) && samePosition(habits.first().value())) {
      flags.add(POSITION);
    }
    return flags;
  }

  private boolean enough(Habits.Share share) {
    return share.whole() >= settings.minJudgments();
  }

  private boolean samePosition(double first) {
    return Math.max(first, 1 - first) > settings.maxSamePosition();
  }
}
