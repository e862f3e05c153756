package org.plumbline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plumbline.cluster.Gang;

/**
 * The steps of a stage as one rank takes them.
 *
 * @param rank whose share of every step it is
 * @param world of so many ranks
 */
record StageSteps<E extends Example>(StagePlan plan, Objective<E> objective, int rank, int world) {

  /**
   * The examples of each step, in the order of their positions: rows arrive in any order. What is
   * to be evaluated follows the last step, if anything is.
   *
   * @throws IllegalStateException if rows were lost on the way, without which others would train
   */
  List<List<E>> of(Iterator<Placed<E>> rows) {
    List<Placed<E>> sorted = new ArrayList<>();
    rows.forEachRemaining(sorted::add);
    sorted.sort(Comparator.comparingLong(Placed::position));
    List<List<E>> steps = new ArrayList<>();
    for (int i = 0; i < plan.stepsAndEvaluation(); i++) {
      steps.add(new ArrayList<>());
    }
    sorted.forEach(placed -> steps.get(placed.step()).add(placed.example()));
    for (int i = 0; i < plan.stepsAndEvaluation(); i++) {
      int share = plan.share(i, rank, world);
      if (steps.get(i).size() != share) {
        throw new IllegalStateException(
            "Cannot update %s: rank %d of %d has %d of its %d examples of step %d of %d"
                .formatted(
                    plan.name(), rank, world, steps.get(i).size(), share, i + 1, plan.steps()));
      }
    }
    return steps;
  }

  /** One step, together with {@code gang}. */
  Update take(Replica replica, Gang gang, List<E> examples) throws IOException {
    Sums sums = new Sums();
    List<List<E>> batches = microBatches(examples);
    Objective<E> informed = informed(replica, gang, batches);
    for (List<E> batch : batches) {
      replica.accumulate(informed, batch, sums);
    }
    double rate = plan.learningRate().at(replica.step() + 1);
    return replica.update(gang, sums, rate, plan.training().optimizer());
  }

  /** {@code update} with what the model makes of held-out examples then. */
  Update evaluated(Update update, Replica replica, Gang gang, List<E> heldOut) throws IOException {
    Sums sums = new Sums();
    List<List<E>> batches = microBatches(heldOut);
    Objective<E> informed = informed(replica, gang, batches);
    for (List<E> batch : batches) {
      replica.evaluate(informed, batch, sums);
    }
    sums.gather(gang);
    Map<String, Double> figures = new LinkedHashMap<>(update.means());
    sums.means().forEach((name, mean) -> figures.put(Best.PREFIX + name, mean));
    return new Update(update.step(), figures);
  }

  private List<List<E>> microBatches(List<E> examples) {
    int most = plan.training().microBatchSize();
    return objective.comparesExamples()
        ? Batches.full(examples, most, Example::length)
        : Batches.of(examples, most, Example::length);
  }

  /** The objective, once it knows what it must of the batch of all ranks. */
  private Objective<E> informed(Replica replica, Gang gang, List<List<E>> batches)
      throws IOException {
    if (objective.survey().isEmpty()) {
      return objective;
    }
    Sums figures = new Sums();
    for (List<E> batch : batches) {
      replica.evaluate(objective.survey().get(), batch, figures);
    }
    figures.gather(gang);
    return objective.knowing(figures);
  }
}
