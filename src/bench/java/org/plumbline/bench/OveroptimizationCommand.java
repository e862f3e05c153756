package org.plumbline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.plumbline.evaluate.BestOfStage;
import org.plumbline.evaluate.Fit;
import org.plumbline.evaluate.Optimization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How far a reward model of noisy labels can be trusted: by the best of n, and by PPO. */
@Command(
    name = "overoptimization",
    description =
        "Optimises stories against a reward model of noisy labels, and shows where their true worth falls.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class OveroptimizationCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      description = "folder of a model that tells stories, with weights and tokenizer")
  private Path model;

  @Option(
      names = "--lexicon",
      required = true,
      description = "words and their values, whose mean over a story is its true worth")
  private Path lexicon;

  @Option(
      names = "--noise",
      defaultValue = "0.3",
      description = "share of the labels that are wrong")
  private double noise;

  @Option(
      names = "--pairs",
      defaultValue = "12",
      description = "labelled pairs of each of the 64 training prompts")
  private int pairs;

  @Option(
      names = "--samples",
      defaultValue = "512",
      description = "completions of each of the 32 held-out prompts, for the best of n")
  private int samples;

  @Option(names = "--iterations", defaultValue = "60", description = "of PPO")
  private int iterations;

  @Option(names = "--set", description = "another setting, such as ppo.learning-rate=1e-3")
  private List<String> sets = List.of();

  @Option(names = "--seed", defaultValue = "0", description = "of labels, draws and training")
  private long seed;

  @Option(
      names = "--folder",
      defaultValue = "target/bench/overoptimization",
      description = "where the run lies")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    try (SparkSession spark = LocalSession.of("*")) {
      NoisyRewardRun run =
          new NoisyRewardRun(
              spark,
              folder.toAbsolutePath(),
              model.toAbsolutePath(),
              lexicon.toAbsolutePath(),
              seed);
      List<String> settings =
          new ArrayList<>(List.of("best-of.samples=" + samples, "ppo.iterations=" + iterations));
      settings.addAll(sets);
      run.trainReward(noise, pairs, settings);
      BestOfStage.Result best = run.bestOf();
      tellBest(best);
      List<Map<String, Double>> course = run.reinforce();
      tellCourse(course, run.kept());
      Optimization optimization = run.optimization();
      System.out.println();
      MarkdownTable.header(List.of("gain over the start, d = sqrt(KL)", "a", "b", "R-squared"));
      tell("best of n, reward model: d (a - b d)", best.rewardFit());
      tell("best of n, truth: d (a - b d)", best.goldFit());
      tell("PPO, reward model: d (a - b log d)", optimization.scoreFit());
      tell("PPO, truth: d (a - b log d)", optimization.goldFit());
    }
    return 0;
  }

  private static void tellBest(BestOfStage.Result best) {
    MarkdownTable.header(List.of("policy", "KL, nats", "reward model", "truth"));
    best.policies()
        .forEach(
            (name, chosen) ->
                MarkdownTable.row(
                    List.of(
                        name,
                        number(chosen.kl()),
                        number(chosen.reward()),
                        "%s +- %s".formatted(number(chosen.gold()), number(chosen.goldError())))));
  }

  /** Every fifth iteration, the last, and the one whose policy came out. */
  private static void tellCourse(List<Map<String, Double>> course, long kept) {
    System.out.println();
    MarkdownTable.header(
        List.of("PPO, iteration", "KL, nats", "reward model", "truth", "repetition"));
    for (int i = 0; i < course.size(); i++) {
      if (i % 5 == 0 || i == kept || i == course.size() - 1) {
        Map<String, Double> each = course.get(i);
        MarkdownTable.row(
            List.of(
                i + 1 + (i == kept ? " (kept)" : ""),
                number(each.get("kl")),
                number(each.get("score")),
                "%s +- %s".formatted(number(each.get("gold")), number(each.get("gold_error"))),
                number(each.get("repetition"))));
      }
    }
  }

  private static void tell(String what, Fit fit) {
    if (fit != null) {
      MarkdownTable.row(List.of(what, number(fit.a()), number(fit.b()), number(fit.rSquared())));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
