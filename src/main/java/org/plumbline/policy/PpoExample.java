package org.plumbline.policy;

import java.io.Serializable;
import org.plumbline.model.Sequence;
import org.plumbline.train.Example;

/**
 * A completion with what PPO learns from; every array has one entry a response token.
 *
 * @param logprobs of the policy that sampled it, in nats
 * @param reference log-probabilities of the reference, in nats; empty unless the KL to it is a part
 *     of the loss
 * @param values of the critic when it was sampled; empty without a critic, as are {@code returns}
 */
record PpoExample(
    int[] prompt,
    int[] response,
    float[] logprobs,
    float[] reference,
    float[] values,
    float[] advantages,
    float[] returns)
    implements Example, Serializable {

  Sequence sequence() {
    return new Sequence(prompt, response);
  }

  @Override
  public int length() {
    return prompt.length + response.length;
  }
}
