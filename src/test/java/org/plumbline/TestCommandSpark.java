package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** System properties are how spark-submit tells a program its settings. */
class TestCommandSpark {
  private static final String NAME = "spark.app.name";

  @AfterEach
  void forget() {
    System.clearProperty(NAME);
  }

  private static String name() {
    return CommandSpark.settings("sft", 1).get(NAME);
  }

  @Test
  void anApplicationIsCalledByItsCommandUnlessItIsNamed() {
    assertThat(name()).isEqualTo("plumbline sft");
    System.setProperty(NAME, Plumbline.class.getName());
    assertThat(name()).isEqualTo("plumbline sft");
    System.setProperty(NAME, "nightly");
    assertThat(name()).isEqualTo("nightly");
  }
}
