package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import java.util.Random;

/** Losses of a batch, each once by the kernels and once, a row at a time, by the papers. */
enum PaperLoss {
  LOGPROBS(Head.NONE) {
    @Override
    NDArray of(Tape tape, TokenBatch batch) {
      return weighted(tape.logprobs(batch, TEMPERATURE), batch, 1);
    }

    @Override
    NDArray of(PaperDecoder paper, Sequence row, int index) {
      return weighted(paper.logprobs(row, TEMPERATURE), index, 1);
    }
  },

  POLICY(Head.VALUE) {
    @Override
    NDArray of(Tape tape, TokenBatch batch) {
      Decoder.PolicyOutputs outputs = tape.policy(batch, TEMPERATURE);
      return weighted(outputs.logprobs(), batch, 1)
          .add(weighted(outputs.entropy(), batch, 2))
          .add(weighted(outputs.values(), batch, 3));
    }

    @Override
    NDArray of(PaperDecoder paper, Sequence row, int index) {
      return weighted(paper.logprobs(row, TEMPERATURE), index, 1)
          .add(weighted(paper.entropies(row, TEMPERATURE), index, 2))
          .add(weighted(paper.values(row), index, 3));
    }
  },

  SCORES(Head.SCORE) {
    @Override
    NDArray of(Tape tape, TokenBatch batch) {
      NDArray scores = tape.scores(batch);
      float[] weights = new float[(int) scores.size()];
      for (int row = 0; row < weights.length; row++) {
        weights[row] = weight(row, 0, 1);
      }
      return scores.mul(scores.getManager().create(weights)).sum();
    }

    @Override
    NDArray of(PaperDecoder paper, Sequence row, int index) {
      return paper.score(row).mul(weight(index, 0, 1));
    }
  },

  CROSS_ENTROPY(Head.NONE) {
    @Override
    NDArray of(Tape tape, TokenBatch batch) {
      return tape.crossEntropy(batch, TEMPERATURE);
    }

    @Override
    NDArray of(PaperDecoder paper, Sequence row, int index) {
      return paper.logprobs(row, TEMPERATURE).sum().neg();
    }
  };

  private static final double TEMPERATURE = 0.7;

  private final Head head;

  PaperLoss(Head head) {
    this.head = head;
  }

  Head head() {
    return head;
  }

  /** The loss by the kernels; cross-entropy has walked back when it returns. */
  abstract NDArray of(Tape tape, TokenBatch batch);

  /** The part of the loss that the row at {@code index} has. */
  abstract NDArray of(PaperDecoder paper, Sequence row, int index);

  /** A number in [-1, 1) for an output of a token. */
  private static float weight(int row, int token, int output) {
    return 2 * new Random(Objects.hash(row, token, output)).nextFloat() - 1;
  }

  /** The sum of [B, T - 1], each entry times its weight; what is no response has one too. */
  private static NDArray weighted(NDArray outputs, TokenBatch batch, int output) {
    NDManager manager = outputs.getManager();
    long[] rows = batch.responseMask().getShape().getShape();
    float[] mask = batch.responseMask().toFloatArray();
    float[] weights = new float[mask.length];
    int token = 0;
    for (int place = 0; place < weights.length; place++) {
      token = place % rows[1] == 0 ? 0 : token;
      weights[place] = mask[place] == 0 ? 9 : weight((int) (place / rows[1]), token++, output);
    }
    return outputs.mul(manager.create(weights, new Shape(rows))).sum();
  }

  /** The sum of the response tokens [n] of one row, each times its weight. */
  private static NDArray weighted(NDArray outputs, int row, int output) {
    double[] weights = new double[(int) outputs.size()];
    for (int token = 0; token < weights.length; token++) {
      weights[token] = weight(row, token, output);
    }
    return outputs.mul(outputs.getManager().create(weights)).sum();
  }
}
