package org.plumbline.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an equation makes stays in the step's manager, so that it goes when the step ends. */
class StepMemoryTest {
  @AutoClose private final NDManager kept = Torch.manager();

  @Test
  void nothingIsLeftInTheManagerOfWhatIsKept() {
    NDArray other = kept.create(new float[] {-0.5f, 0.25f});
    NDArray keptMatrix = kept.create(new float[] {1, 1, 1, 0}, new Shape(2, 2));
    int before = kept.getManagedArrays().size();
    // A capped manager throws where anything is added to it.
    kept.cap();
    try (NDManager step = Torch.manager()) {
      NDArray policy = step.create(new float[] {-1, 0.5f});
      NDArray rejected = step.create(new float[] {-2, 0.5f});
      PairLogProbs pairs =
          new PairLogProbs(
              new ResponseLogProbs(policy, other, other),
              new ResponseLogProbs(rejected, other, other));
      TokenRatio ratio = new TokenRatio(policy, other);
      NDArray matrix = step.create(new float[] {-1, -2, -3, -4}, new Shape(2, 2));
      SequenceRatio sequences = new SequenceRatio(new TokenRatio(matrix, keptMatrix), keptMatrix);
      List<NDArray> results =
          List.of(
              new DpoLoss(0.1).perPair(pairs, other),
              new BradleyTerryLoss(0.1).perPair(policy, rejected, other, other),
              new PpoPolicyLoss(0.2).perToken(ratio, other),
              new PpoPolicyLoss(0.2).clipped(ratio, other),
              new PpoPolicyLoss(0.2).perToken(sequences, matrix),
              new LossAggregation.SequenceMeanTokenMean().sum(matrix, keptMatrix),
              new LossAggregation.TokenMean().sum(matrix, keptMatrix),
              new KtoLoss(0.1, 1, 1).perResponse(pairs.chosen(), other, 0.5),
              new BcoLoss(0.1).perResponse(pairs.chosen(), other, 0.5),
              new PlackettLuceLoss().perPrompt(matrix),
              new LengthDesensitized(0.5).of(matrix, keptMatrix, other),
              new WpoWeight().perResponse(matrix, keptMatrix, keptMatrix),
              new ClippedValueLoss(0.2).perToken(policy, other, other),
              new KlEstimator.K3().perToken(policy, other));
      assertThat(results).extracting(NDArray::getManager).containsOnly(step);
    }
    assertThat(kept.getManagedArrays()).hasSize(before);
  }
}
