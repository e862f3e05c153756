package org.plumbline.policy;

import java.io.Serializable;
import org.plumbline.model.Sequence;
import org.plumbline.train.Example;

/** A completion to be imitated. */
record BestCompletion(int[] prompt, int[] response) implements Example, Serializable {
  Sequence sequence() {
    return new Sequence(prompt, response);
  }

  @Override
  public int length() {
    return prompt.length + response.length;
  }
}
