package org.plumbline.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.plumbline.model.Decoder;
import org.plumbline.model.Sequence;
import org.plumbline.model.Workload;
import org.plumbline.train.Batches;
import org.plumbline.train.TokenPair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What it saves to cut micro-batches where little is padded. */
@Command(
    name = "padding",
    description = {
      "Times updates on pairs of unlike lengths, by micro-batches of so many pairs, and by",
      "micro-batches cut where little is padded, as jobs cut them. Both ways take the same pairs,",
      "in turn. Lengths are log-normal, with medians and spreads as of HH-RLHF's harmless pairs."
    },
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class PaddingCommand implements Callable<Integer> {
  private static final double PROMPT = 90; // median of tokens
  private static final double RESPONSE = 31;
  private static final double SPREAD = 1.05; // standard deviation of the logarithm, of both

  @Mixin private ModelOptions model;

  @Option(names = "--pairs", defaultValue = "32", description = "pairs of an update")
  private int pairs;

  @Option(names = "--micro-batch", defaultValue = "32", description = "pairs of a pass at most")
  private int microBatch;

  @Option(names = "--max-prompt", defaultValue = "160", description = "tokens of a prompt at most")
  private int maxPrompt;

  @Option(
      names = "--max-response",
      defaultValue = "96",
      description = "tokens of a response at most")
  private int maxResponse;

  @Option(names = "--updates", defaultValue = "4", description = "updates that are counted")
  private int updates;

  /** How an update's pairs are cut. */
  private interface Cut {
    List<List<TokenPair>> of(List<TokenPair> pairs);
  }

  /** What one way of cutting has taken so far. */
  private static final class Taken {
    private final Cut cut;
    private final List<Double> seconds = new ArrayList<>();
    private long passes;
    private long tokens;

    Taken(Cut cut) {
      this.cut = cut;
    }

    void step(Trainee trainee, List<TokenPair> pairs, boolean counts) {
      List<List<Sequence>> batches = cut.of(pairs).stream().map(PaddingCommand::sequences).toList();
      long start = System.nanoTime();
      trainee.stepBy(batches);
      if (counts) {
        seconds.add((System.nanoTime() - start) / 1e9);
        passes += batches.size();
        tokens += batches.stream().mapToLong(PaddingCommand::padded).sum();
      }
    }

    void row(String name, long own) {
      MarkdownTable.row(
          List.of(
              name,
              String.format(Locale.ROOT, "%.1f", (double) passes / seconds.size()),
              String.format(Locale.ROOT, "%.2f", (double) tokens / own),
              String.format(
                  Locale.ROOT,
                  "%.3f",
                  Timings.median(seconds.stream().mapToDouble(each -> each).toArray()))));
    }
  }

  @Override
  public Integer call() throws IOException {
    Decoder.prepareThread(model.threads());
    TrainingSetup setup =
        new TrainingSetup(
            model.folder(), model.threads(), pairs, maxPrompt + maxResponse, Way.PLAIN);
    Taken byCount = new Taken(all -> Batches.full(all, microBatch, TokenPair::length));
    Taken byPadding = new Taken(all -> Batches.of(all, microBatch, TokenPair::length));
    long own = 0;
    Load before = Load.now();
    try (Trainee trainee = new Trainee(setup)) {
      int vocabulary = Workload.of(trainee.decoder()).vocabulary();
      Random random = new Random(0);
      for (int update = 0; update <= updates; update++) { // the first does not count
        List<TokenPair> each =
            Stream.generate(() -> pair(vocabulary, random)).limit(pairs).toList();
        byCount.step(trainee, each, update > 0);
        byPadding.step(trainee, each, update > 0);
        own += update == 0 ? 0 : sequences(each).stream().mapToLong(Sequence::length).sum();
      }
    }
    MarkdownTable.header(
        List.of(
            "micro-batches", "of an update", "tokens run for one of a row's own", "s an update"));
    byCount.row("of %d pairs".formatted(microBatch), own);
    byPadding.row("of %d pairs at most, little padded".formatted(microBatch), own);
    System.out.println("others had " + Figure.percent(Load.now().others(before)) + " of the cores");
    return 0;
  }

  private TokenPair pair(int vocabulary, Random random) {
    return new TokenPair(
        tokens(PROMPT, maxPrompt, vocabulary, random),
        tokens(RESPONSE, maxResponse, vocabulary, random),
        tokens(RESPONSE, maxResponse, vocabulary, random),
        1,
        1);
  }

  private static int[] tokens(double median, int most, int vocabulary, Random random) {
    long length = Math.round(median * Math.exp(SPREAD * random.nextGaussian()));
    return random.ints(Math.max(1, Math.min(most, length)), 1, vocabulary).toArray();
  }

  private static List<Sequence> sequences(List<TokenPair> pairs) {
    return Stream.concat(
            pairs.stream().map(TokenPair::chosenSequence),
            pairs.stream().map(TokenPair::rejectedSequence))
        .toList();
  }

  private static long padded(List<Sequence> batch) {
    return (long) batch.size() * batch.stream().mapToInt(Sequence::length).max().orElseThrow();
  }
}
