package org.plumbline.table;

import static org.apache.spark.sql.types.DataTypes.*;

import org.apache.spark.sql.types.StructType;

/**
 * Completions sampled from a policy, with what was known of each token when it was sampled.
 *
 * <p>{@code logprobs}, {@code sampling_logprobs}, {@code ref_logprobs} and {@code values} have one
 * entry a response token, log-probabilities in nats. {@code logprobs} are those of the plain policy
 * at the sampling temperature, to which importance ratios are taken; {@code sampling_logprobs} are
 * those of what was drawn from, after top-k, top-p, min-p, repetition penalty and minimum. {@code
 * kl} is the summed difference of {@code logprobs} and {@code ref_logprobs} (k1). {@code score} is
 * what the run's reward model says, {@code terms} are all parts of the {@code reward}, before their
 * weights, by name. {@code sample} tells completions of one prompt apart: 0 is greedy, others are
 * drawn. {@code finish} is {@code stop} or {@code length}.
 */
public final class RolloutsTable {
  /** Name, version and columns. */
  public static final Table TABLE =
      new Table(
          "rollouts",
          3,
          new StructType()
              .add("iteration", IntegerType, false)
              .add("policy", StringType, false)
              .add("prompt_id", StringType, false)
              .add("sample", IntegerType, false)
              .add("prompt_ids", createArrayType(IntegerType, false), false)
              .add("response_ids", createArrayType(IntegerType, false), false)
              .add("completion", StringType, false)
              .add("logprobs", createArrayType(FloatType, false), false)
              .add("sampling_logprobs", createArrayType(FloatType, false), false)
              .add("ref_logprobs", createArrayType(FloatType, false), true)
              .add("values", createArrayType(FloatType, false), true)
              .add("score", DoubleType, true)
              .add("terms", createMapType(StringType, DoubleType), false)
              .add("reward", DoubleType, true)
              .add("kl", DoubleType, true)
              .add("finish", StringType, false)
              .add("seed", LongType, false));

  private RolloutsTable() {}
}
