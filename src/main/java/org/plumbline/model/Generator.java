package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples completions of prompts that lie side by side.
 *
 * @param stops ids that end a completion
 * @param temperature divides the logits; 0 takes the most probable token
 * @param maxNewTokens a completion is cut off after so many tokens, or where the context ends
 */
public record Generator(LoadedModel model, long[] stops, double temperature, int maxNewTokens) {

  /** Fills a prompt's draws: one number in [0, 1) a token. */
  public interface Draws {
    /** Fills {@code uniforms} for the prompt at {@code index}. */
    void fill(int index, float[] uniforms);
  }

  /**
   * Continues each prompt.
   *
   * @return the new tokens of each, with the stop token if there was one
   */
  public List<int[]> complete(List<int[]> prompts, Draws draws) {
    int width = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    int fresh = prompts.stream().mapToInt(this::room).max().orElseThrow();
    int rows = prompts.size();
    long[] ids = new long[rows * width];
    long[] pads = new long[rows];
    float[] uniforms = new float[rows * fresh];
    float[] drawn = new float[fresh];
    for (int row = 0; row < rows; row++) {
      int[] prompt = prompts.get(row);
      pads[row] = width - prompt.length;
      for (int t = 0; t < prompt.length; t++) {
        ids[row * width + (int) pads[row] + t] = prompt[t];
      }
      draws.fill(row, drawn);
      System.arraycopy(drawn, 0, uniforms, row * fresh, fresh);
    }
    try (NDManager step = NDManager.newBaseManager("PyTorch")) {
      NDArray tokens =
          model
              .decoder()
              .generate(
                  model.flat(),
                  step.create(ids, new Shape(rows, width)),
                  step.create(pads),
                  step.create(uniforms, new Shape(rows, fresh)),
                  step.create(stops),
                  temperature);
      return completions(prompts, tokens.toLongArray(), fresh);
    }
  }

  /** How many tokens may follow {@code prompt}, whatever prompts lie beside it. */
  private int room(int[] prompt) {
    Context context = model.decoder().architecture().shape().context();
    if (prompt.length >= context.tokens()) {
      throw new IllegalArgumentException(
          "Cannot continue a prompt of %d tokens: the context has %s"
              .formatted(prompt.length, context));
    }
    return Math.min(maxNewTokens, context.tokens() - prompt.length);
  }

  private List<int[]> completions(List<int[]> prompts, long[] tokens, int width) {
    List<int[]> completions = new ArrayList<>();
    for (int row = 0; row < prompts.size(); row++) {
      int first = row * width;
      completions.add(
          Arrays.stream(tokens, first, first + room(prompts.get(row)))
              .takeWhile(token -> token >= 0)
              .mapToInt(Math::toIntExact)
              .toArray());
    }
    return completions;
  }
}
