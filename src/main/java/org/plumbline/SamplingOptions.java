package org.plumbline;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.model.Ending;
import org.plumbline.model.Sampling;
import org.plumbline.model.StopStrings;
import picocli.CommandLine.Option;

/** How a command draws tokens, and when a completion is over. */
final class SamplingOptions {
  @Option(names = "--greedy", description = "always take the most probable token")
  private boolean greedy;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "1.0",
      description = "divides the logits; 0 is greedy (default: ${DEFAULT-VALUE})")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "draw from the K most probable tokens only")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1.0",
      description = "draw from the fewest tokens that have probability P together")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "draw from tokens with at least P times the greatest probability")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      defaultValue = "1.0",
      description = "above 1, make tokens that were there already less probable")
  private double repetitionPenalty;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "cut off after N tokens (default: ${DEFAULT-VALUE})")
  private int maxNewTokens;

  @Option(
      names = "--min-new-tokens",
      paramLabel = "N",
      description = "do not end by itself before N tokens")
  private int minNewTokens;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "end where this text would follow; repeatable")
  private List<String> stops = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "of all draws (default: ${DEFAULT-VALUE})")
  private long seed;

  /**
   * Looks at every number before anything is loaded.
   *
   * @throws IllegalArgumentException naming the one that is out of bounds
   */
  void check() {
    sampling();
    ending(new long[0]);
    new StopStrings(stops);
  }

  Sampling sampling() {
    return new Sampling(greedy ? 0 : temperature, topK, topP, minP, repetitionPenalty);
  }

  /** An end at the tokens {@code stopIds} too. */
  Ending ending(long[] stopIds) {
    return new Ending(minNewTokens, maxNewTokens, stopIds);
  }

  List<String> stops() {
    return stops;
  }

  long seed() {
    return seed;
  }
}
