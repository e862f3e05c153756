package org.plumbline.judge;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * 1 if the last number of the completion is that of an attribute of the prompt, of which the last
 * number counts too; else 0. The argument is the attribute's name; {@code answer} if there is none.
 */
public final class NumericAnswer extends AttributeAnswer {
  private static final long serialVersionUID = 1;

  /** Digits with or without commas between thousands. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?");

  /** For the attribute {@code answer}. */
  public NumericAnswer() {
    this("");
  }

  private NumericAnswer(String attribute) {
    super("numeric-answer", attribute);
  }

  @Override
  public RewardFunction with(String argument, Configuration configuration) {
    return new NumericAnswer(argument);
  }

  @Override
  boolean isRight(String completion, String expected) {
    BigDecimal wanted =
        last(expected)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot find a number in the right answer of a prompt: " + expected));
    return last(completion).filter(said -> said.compareTo(wanted) == 0).isPresent();
  }

  private static Optional<BigDecimal> last(String text) {
    return NUMBER
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .reduce((first, second) -> second)
        .map(number -> new BigDecimal(number.replace(",", "")));
  }
}
