package org.plumbline.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plumbline.model.Completion;
import org.plumbline.model.Ending;
import org.plumbline.model.Generator;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Sampling;
import org.plumbline.model.Uniforms;
import org.plumbline.model.Workload;

/**
 * Completions of random prompts, timed in this process.
 *
 * @param prompt tokens of each prompt
 * @param fresh tokens that each is continued by
 */
record GenerationRun(LoadedModel model, int prompt, int fresh) {
  /**
   * Times {@code repeats} rounds of {@code batch} prompts, after one that is not counted: it also
   * lays out the weights, which a job does once for a model. Nothing stops a completion early.
   */
  Timings run(int batch, double temperature, int repeats) {
    if (repeats < 1) {
      throw new IllegalArgumentException("Invalid --repeats: " + repeats + " (must be >= 1)");
    }
    Generator generator =
        new Generator(model, Sampling.at(temperature), Ending.after(fresh), batch);
    SplittableRandom random = new SplittableRandom(batch);
    double[] seconds = new double[repeats];
    for (int round = -1; round < repeats; round++) {
      List<int[]> prompts = Stream.generate(() -> tokens(random)).limit(batch).toList();
      long seed = round;
      long start = System.nanoTime();
      List<Completion> completions =
          generator.complete(prompts, (index, uniforms) -> Uniforms.fill(uniforms, seed, index));
      if (round >= 0) {
        seconds[round] = (System.nanoTime() - start) / 1e9;
      }
      requireComplete(completions);
    }
    return new Timings(seconds);
  }

  private int[] tokens(SplittableRandom random) {
    int vocabulary = Workload.of(model.decoder()).vocabulary();
    return IntStream.generate(() -> random.nextInt(vocabulary)).limit(prompt).toArray();
  }

  private void requireComplete(List<Completion> completions) {
    for (Completion completion : completions) {
      if (completion.tokens().length != fresh) {
        throw new IllegalArgumentException(
            "Invalid --new-tokens: %d (must fit the context of %d tokens with --prompt %d)"
                .formatted(fresh, model.decoder().context(), prompt));
      }
    }
  }
}
