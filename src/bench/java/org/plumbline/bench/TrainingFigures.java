package org.plumbline.bench;

/**
 * What a run of training steps showed.
 *
 * @param parameters of the model
 * @param medianSeconds of a step
 * @param bestSeconds of a step
 * @param tokens of a step
 * @param flop of a step, by the shape of the model
 * @param loss of the last step, nats a token
 * @param baseline bytes resident before the model was made
 * @param peak most bytes that were ever resident
 * @param others share of the cores that other processes had
 * @param products operations a second of a large matrix product; absent if not measured
 */
record TrainingFigures(
    long parameters,
    double medianSeconds,
    double bestSeconds,
    long tokens,
    double flop,
    double loss,
    long baseline,
    long peak,
    double others,
    Double products) {

  double medianSpeed() {
    return tokens / medianSeconds;
  }

  double bestSpeed() {
    return tokens / bestSeconds;
  }

  /** The share of {@link #products} that the median step comes to. */
  double share() {
    return flop / medianSeconds / products;
  }
}
