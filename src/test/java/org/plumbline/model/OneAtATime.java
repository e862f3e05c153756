package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Generation as its definition has it: for every token the whole sequence is worked out again, and
 * filters are taken one by one over all words, in double precision.
 */
record OneAtATime(LoadedModel model, Sampling sampling, Ending ending) {

  /**
   * Continues {@code prompt}. Each uniform that decides is moved to the middle of the share of the
   * token that it draws: near its ends, how a CPU rounds would decide with it.
   */
  Completion complete(int[] prompt, float[] uniforms) {
    int room = Math.min(ending.maxNewTokens(), model.decoder().context() - prompt.length);
    Continuation row = new Continuation(0, prompt, room);
    int[] all = prompt;
    row.end(Completion.End.LENGTH);
    while (row.room() > 0) {
      Continuation.Token token = next(all, row.count(), uniforms);
      row.add(token);
      all = IntStream.concat(Arrays.stream(all), IntStream.of(token.id())).toArray();
      if (isStop(token.id())) {
        row.end(Completion.End.STOP);
        break;
      }
    }
    return row.completion();
  }

  private boolean isStop(int id) {
    return Arrays.stream(ending.stops()).anyMatch(stop -> stop == id);
  }

  private Continuation.Token next(int[] all, int count, float[] uniforms) {
    double[] logits = logits(all);
    double[] z = logits.clone();
    BitSet seen = new BitSet();
    Arrays.stream(all).forEach(seen::set);
    seen.stream()
        .forEach(
            id ->
                z[id] *=
                    z[id] > 0 ? 1 / sampling.repetitionPenalty() : sampling.repetitionPenalty());
    if (count < ending.minNewTokens()) {
      remove(z, this::isStop);
    }
    boolean greedy = sampling.temperature() == 0;
    double temperature = greedy ? 1 : sampling.temperature();
    double[] policy = softmax(scaled(logits, temperature));
    int id = greedy ? byRank(z).get(0) : draw(filtered(scaled(z, temperature)), uniforms, count);
    double drawn = greedy ? 1 : softmax(filtered(scaled(z, temperature)))[id];
    return new Continuation.Token(id, (float) Math.log(policy[id]), (float) Math.log(drawn));
  }

  private double[] logits(int[] all) {
    try (NDManager step = NDManager.newBaseManager("PyTorch")) {
      long[] row = Arrays.stream(all).asLongStream().toArray();
      NDArray logits =
          model.decoder().logits(model.flat(), step.create(row, new Shape(1, row.length)));
      float[] last = logits.get("0, -1, :").toFloatArray();
      return IntStream.range(0, last.length).mapToDouble(i -> last[i]).toArray();
    }
  }

  private static double[] scaled(double[] z, double temperature) {
    return Arrays.stream(z).map(value -> value / temperature).toArray();
  }

  private double[] filtered(double[] scaled) {
    double[] z = scaled.clone();
    List<Integer> ranked = byRank(z);
    if (sampling.topK() > 0) {
      Set<Integer> best = new HashSet<>(ranked.subList(0, Math.min(sampling.topK(), z.length)));
      remove(z, id -> !best.contains(id));
    }
    double[] p = softmax(z);
    double before = 0;
    for (int id : ranked) {
      if (before >= sampling.topP()) {
        z[id] = Double.NEGATIVE_INFINITY;
      }
      before += p[id];
    }
    double[] left = softmax(z);
    remove(z, id -> left[id] < sampling.minP() * left[ranked.get(0)]);
    return z;
  }

  private static void remove(double[] z, IntPredicate those) {
    for (int id = 0; id < z.length; id++) {
      z[id] = those.test(id) ? Double.NEGATIVE_INFINITY : z[id];
    }
  }

  /** Ids, the greatest value first. */
  private static List<Integer> byRank(double[] z) {
    return IntStream.range(0, z.length)
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -z[id]))
        .toList();
  }

  private static double[] softmax(double[] z) {
    double top = Arrays.stream(z).max().orElseThrow();
    double[] p = Arrays.stream(z).map(value -> Math.exp(value - top)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(value -> value / sum).toArray();
  }

  /** The first id at which the cumulative probability exceeds {@code uniforms[place]}. */
  private static int draw(double[] z, float[] uniforms, int place) {
    double[] p = softmax(z);
    double before = 0;
    int id = 0;
    while (uniforms[place] >= before + p[id]) {
      before += p[id];
      id++;
    }
    uniforms[place] = (float) (before + p[id] / 2);
    return id;
  }
}
