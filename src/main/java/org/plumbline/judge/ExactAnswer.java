package org.plumbline.judge;

import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * 1 for the answer that an attribute of the prompt has, but for case and white space; else 0. The
 * argument is the attribute's name; {@code answer} if there is none.
 */
public final class ExactAnswer extends AttributeAnswer {
  private static final long serialVersionUID = 1;

  /** For the attribute {@code answer}. */
  public ExactAnswer() {
    this("");
  }

  private ExactAnswer(String attribute) {
    super("exact-answer", attribute);
  }

  @Override
  public RewardFunction with(String argument, Configuration configuration) {
    return new ExactAnswer(argument);
  }

  @Override
  boolean isRight(String completion, String expected) {
    return plain(completion).equals(plain(expected));
  }

  private static String plain(String text) {
    return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }
}
