package org.plumbline.judge;

import org.apache.hadoop.conf.Configuration;

/** The quality that a {@link Judge} sees; the argument is its name. */
public final class JudgedQuality implements RewardFunction {
  private static final long serialVersionUID = 1;

  private final Judge judge;

  /** Of nobody, until it is told of whom. */
  public JudgedQuality() {
    this(null);
  }

  private JudgedQuality(Judge judge) {
    this.judge = judge;
  }

  @Override
  public String name() {
    return "judge";
  }

  @Override
  public RewardFunction with(String argument, Configuration configuration) {
    return new JudgedQuality(Judge.named(argument));
  }

  @Override
  public double reward(Answer answer) {
    return judge.judge(answer.attributes(), answer.completion()).quality();
  }
}
