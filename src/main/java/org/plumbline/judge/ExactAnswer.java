package org.plumbline.judge;

import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * 1 for the answer that an attribute of the prompt has, but for case and white space; else 0. The
 * argument is the attribute's name; {@code answer} if there is none.
 */
public final class ExactAnswer implements RewardFunction {
  private static final long serialVersionUID = 1;

  private final String attribute;

  /** For the attribute {@code answer}. */
  public ExactAnswer() {
    this("answer");
  }

  private ExactAnswer(String attribute) {
    this.attribute = attribute;
  }

  @Override
  public String name() {
    return "exact-answer";
  }

  @Override
  public RewardFunction with(String argument, Configuration configuration) {
    return argument.isEmpty() ? this : new ExactAnswer(argument);
  }

  @Override
  public double reward(Answer answer) {
    return plain(answer.completion()).equals(plain(answer.attribute(attribute))) ? 1 : 0;
  }

  private static String plain(String text) {
    return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }
}
