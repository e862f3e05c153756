package org.plumbline.model;

import java.util.Locale;

/**
 * The type that matrix products and attention are taken in. Norms, the residual stream, softmax
 * over the vocabulary, losses, gradients and the optimizer are float32 always. All weights are seen
 * as rounded to the type, those of norms, embeddings and heads too; so it makes no difference to
 * any result whether they are kept in it or in float32.
 */
public enum Compute {
  /** As exact as the weights. */
  FLOAT32(6),
  /**
   * Half the memory for activations, and at least twice the speed on a CPU with avx512_bf16 or AMX.
   * Eight bits of mantissa: a log-probability may be off by some hundredths.
   */
  BFLOAT16(15);

  private final int scalarType;

  Compute(int scalarType) {
    this.scalarType = scalarType;
  }

  /** The type called {@code float32} or {@code bfloat16}. */
  public static Compute named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The type of weights that nobody trains: products see no more of them. */
  public WeightType weights() {
    return this == FLOAT32 ? WeightType.F32 : WeightType.BF16;
  }

  /** PyTorch's number for the type. */
  int scalarType() {
    return scalarType;
  }
}
