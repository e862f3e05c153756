package org.plumbline.judge;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.hadoop.conf.Configuration;

/** 1 if the regular expression that is its argument is found in the completion; else 0. */
public final class RegexReward implements RewardFunction {
  private static final long serialVersionUID = 1;

  private final Pattern pattern;

  /** Finds itself in everything, until it is told what to look for. */
  public RegexReward() {
    this(Pattern.compile(""));
  }

  private RegexReward(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public String name() {
    return "regex";
  }

  @Override
  public RewardFunction with(String argument, Configuration configuration) {
    if (argument.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid argument of regex: '' (must be a regular expression)");
    }
    try {
      return new RegexReward(Pattern.compile(argument));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "Invalid argument of regex: %s (%s)".formatted(argument, e.getDescription()), e);
    }
  }

  @Override
  public double reward(Answer answer) {
    return pattern.matcher(answer.completion()).find() ? 1 : 0;
  }
}
