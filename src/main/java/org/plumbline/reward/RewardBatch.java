package org.plumbline.reward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.plumbline.model.Sequence;
import org.plumbline.model.TokenBatch;

/**
 * B pairs side by side: the chosen sequences first, then the rejected ones, then K of the same
 * prompts with responses to others. Together they make B + K comparisons, those of the pairs first.
 *
 * @param tokens 2B + K rows
 * @param better [B + K] int64, the row of the response that should score higher; that which should
 *     score lower is row B + i
 * @param probability [B + K]
 * @param weight [B + K]
 */
record RewardBatch(TokenBatch tokens, NDArray better, NDArray probability, NDArray weight) {
  /**
   * Lays out comparisons in arrays of {@code manager}.
   *
   * @param crossProbability that a response beats one to another prompt
   */
  static RewardBatch of(List<Comparisons> examples, double crossProbability, NDManager manager) {
    int pairs = examples.size();
    List<Sequence> sequences = new ArrayList<>();
    examples.forEach(example -> sequences.add(example.pair().chosenSequence()));
    examples.forEach(example -> sequences.add(example.pair().rejectedSequence()));
    long[] better = IntStream.range(0, pairs).asLongStream().toArray();
    double[] probability = examples.stream().mapToDouble(e -> e.pair().probability()).toArray();
    double[] weight = examples.stream().mapToDouble(e -> e.pair().weight()).toArray();
    int total = pairs + examples.stream().mapToInt(e -> e.others().size()).sum();
    better = Arrays.copyOf(better, total);
    probability = Arrays.copyOf(probability, total);
    weight = Arrays.copyOf(weight, total);
    int next = pairs;
    for (int i = 0; i < pairs; i++) {
      for (int[] other : examples.get(i).others()) {
        sequences.add(new Sequence(examples.get(i).pair().prompt(), other));
        better[next] = i;
        probability[next] = crossProbability;
        weight[next++] = weight[i];
      }
    }
    return new RewardBatch(
        TokenBatch.of(sequences, manager),
        manager.create(better),
        floats(probability, manager),
        floats(weight, manager));
  }

  private static NDArray floats(double[] values, NDManager manager) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats);
  }
}
