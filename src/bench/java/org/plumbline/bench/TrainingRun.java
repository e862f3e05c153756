package org.plumbline.bench;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plumbline.model.Decoder;
import org.plumbline.model.Machine;
import org.plumbline.model.Sequence;
import org.plumbline.model.Workload;

/**
 * Training steps on random tokens, timed in this process.
 *
 * @param warmUp steps that are not counted, first
 * @param machine whether to measure the machine's products too, when the model is gone
 */
record TrainingRun(TrainingSetup setup, int warmUp, int steps, boolean machine) {
  TrainingRun {
    if (steps < 1) {
      throw new IllegalArgumentException("Invalid --steps: " + steps + " (must be >= 1)");
    }
  }

  TrainingFigures run() throws IOException {
    Decoder.prepareThread(setup.threads());
    long baseline = ProcessMemory.own().resident();
    Workload work;
    double[] seconds = new double[steps];
    double loss = Double.NaN;
    long peak;
    double others;
    try (Trainee trainee = new Trainee(setup)) {
      work = Workload.of(trainee.decoder());
      SplittableRandom random = new SplittableRandom(0);
      for (int i = 0; i < warmUp; i++) {
        trainee.step(sequences(work, random));
      }
      Load before = Load.now();
      for (int i = 0; i < steps; i++) {
        List<Sequence> sequences = sequences(work, random);
        long start = System.nanoTime();
        loss = trainee.step(sequences);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      others = Load.now().others(before);
      peak = ProcessMemory.own().peak();
    }
    Timings timings = new Timings(seconds);
    long tokens = (long) setup.batch() * setup.length();
    return new TrainingFigures(
        work.parameters(),
        timings.median(),
        timings.best(),
        tokens,
        tokens * work.trainingFlop(setup.length()),
        loss,
        baseline,
        peak,
        others,
        machine ? products() : null);
  }

  /** Rows whose every token but the first is learned. */
  private List<Sequence> sequences(Workload work, SplittableRandom random) {
    return Stream.generate(
            () -> new Sequence(tokens(1, work, random), tokens(setup.length() - 1, work, random)))
        .limit(setup.batch())
        .toList();
  }

  private static int[] tokens(int count, Workload work, SplittableRandom random) {
    return IntStream.generate(() -> random.nextInt(work.vocabulary())).limit(count).toArray();
  }

  private double products() {
    try (Machine machine = new Machine()) {
      return machine.products(setup.way().compute());
    }
  }
}
