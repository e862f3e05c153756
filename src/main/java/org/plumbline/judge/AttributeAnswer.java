package org.plumbline.judge;

import org.apache.hadoop.conf.Configuration;

/**
 * 1 for what an attribute of the prompt says is right, else 0. The argument is the attribute's
 * name; {@code answer} if there is none.
 */
abstract class AttributeAnswer implements RewardFunction {
  private static final long serialVersionUID = 1;

  private final String name;
  private final String attribute;

  AttributeAnswer(String name, String attribute) {
    this.name = name;
    this.attribute = attribute.isEmpty() ? "answer" : attribute;
  }

  @Override
  public final String name() {
    return name;
  }

  /** The same of another attribute. */
  @Override
  public abstract RewardFunction with(String argument, Configuration configuration);

  @Override
  public final double reward(Answer answer) {
    return isRight(answer.completion(), answer.attribute(attribute)) ? 1 : 0;
  }

  /** Whether {@code completion} says what {@code expected} does. */
  abstract boolean isRight(String completion, String expected);
}
