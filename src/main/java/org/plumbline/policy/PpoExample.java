package org.plumbline.policy;

import java.io.Serializable;
import org.plumbline.model.Sequence;
import org.plumbline.train.Example;

/**
 * A completion with what PPO learns from; every array has one entry a response token.
 *
 * @param logprobs of the policy that sampled it, in nats
 * @param values of that policy's value head
 */
record PpoExample(
    int[] prompt,
    int[] response,
    float[] logprobs,
    float[] values,
    float[] advantages,
    float[] returns)
    implements Example, Serializable {

  Sequence sequence() {
    return new Sequence(prompt, response);
  }

  PpoExample withAdvantages(float[] whitened) {
    return new PpoExample(prompt, response, logprobs, values, whitened, returns);
  }

  @Override
  public int length() {
    return prompt.length + response.length;
  }
}
