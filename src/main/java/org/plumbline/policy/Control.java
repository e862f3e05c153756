package org.plumbline.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plumbline.config.ControlSettings;
import org.plumbline.config.PpoSettings;

/**
 * Watches the loop: whether its figures are within bounds, which version was the best, and whether
 * the score still means what it is to mean.
 *
 * <p>The rollouts of an iteration are those of the version that it begins with, or of one before
 * that, so that version is judged by them: by gold if there is one, else by the score less the
 * penalty for KL. Both are averaged over the latest iterations, since each has other prompts. All
 * follows from the figures, so a run that is resumed comes to the same by being told them again.
 */
final class Control {
  /** The mean of the term that is nearest to the truth, and its standard error. */
  static final String GOLD = "gold";

  static final String GOLD_ERROR = "gold_error";

  private final ControlSettings settings;
  private final int staleness;
  private final List<Map<String, Double>> latest = new ArrayList<>();
  private long version;
  private Best first;
  private Best best;
  private int rollbacks;

  /** What there is to say of a version: averages of what it is judged by, and of the score. */
  private record Best(long version, double worth, double score) {}

  Control(PpoSettings settings) {
    this.settings = settings.control();
    this.staleness = settings.staleness();
  }

  /** What is to be done after an iteration. */
  enum Action {
    GO_ON,
    STOP,
    ROLL_BACK
  }

  /**
   * What is wrong.
   *
   * @param kind which bound was left
   * @param severity how far, to be held against that of the same kind at another time
   * @param reason the same for people
   */
  record Alarm(String kind, double severity, String reason) {}

  /** What came out of an iteration. */
  record Verdict(Action action, List<Alarm> alarms) {
    /** Where nothing is wrong. */
    static final Verdict GO_ON = new Verdict(Action.GO_ON, List.of());

    /** What the action is taken for. */
    String reason() {
      return alarms.stream().map(Alarm::reason).collect(Collectors.joining("; "));
    }
  }

  /** Takes the figures of {@code iteration}, counted from 1, and its updates. */
  Verdict after(long iteration, Map<String, Double> figures) {
    latest.add(figures);
    if (latest.size() > settings.window()) {
      latest.remove(0);
    }
    Best now = new Best(version, mean(judgedBy()), mean("score"));
    first = first == null ? now : first;
    List<Alarm> alarms = broken(figures);
    hacked(now).ifPresent(alarms::add);
    // The start is no checkpoint of this training, and an average that is nearly all of the
    // start's says nothing of what comes after it.
    if (version > 0 && (best == null || now.worth > best.worth)) {
      best = now;
    }
    version = Math.max(0, iteration - staleness);
    return alarms.isEmpty() ? Verdict.GO_ON : new Verdict(act(), alarms);
  }

  private Action act() {
    if (settings.action().equals("warn")) {
      return Action.GO_ON;
    }
    if (settings.action().equals("stop") || best == null || rollbacks == settings.maxRollbacks()) {
      return Action.STOP;
    }
    rollbacks++;
    version = best.version;
    latest.clear();
    return Action.ROLL_BACK;
  }

  private String judgedBy() {
    return settings.gold().isEmpty() ? "rlhf_reward" : GOLD;
  }

  private double mean(String name) {
    return latest.stream().mapToDouble(each -> each.get(name)).average().orElseThrow();
  }

  private List<Alarm> broken(Map<String, Double> figures) {
    List<Alarm> alarms = new ArrayList<>();
    Map<String, Double> most = new LinkedHashMap<>();
    most.put("kl", settings.maxKl());
    most.put("grad_norm", settings.maxGradNorm());
    most.put("value_loss", settings.maxValueLoss());
    most.put("clip_fraction", settings.maxClipFraction());
    for (Map.Entry<String, Double> bound : most.entrySet()) {
      Double value = figures.get(bound.getKey());
      if (value != null && !(value <= bound.getValue())) {
        double severity = value / bound.getValue();
        alarms.add(left(bound.getKey(), value, severity, "at most", bound.getValue()));
      }
    }
    Double entropy = figures.get("entropy");
    if (entropy != null && !(entropy >= settings.minEntropy())) {
      double severity = settings.minEntropy() / entropy;
      alarms.add(left("entropy", entropy, severity, "at least", settings.minEntropy()));
    }
    return alarms;
  }

  private static Alarm left(String name, double value, double severity, String must, double bound) {
    // What is no number, or has another sign than its bound, could not be worse.
    return new Alarm(
        name,
        severity > 0 ? severity : Double.POSITIVE_INFINITY,
        "%s is %.4g (must be %s %s)".formatted(name, value, must, bound));
  }

  /**
   * Whether gold has lost a part of what it had gained, beyond chance, while the score is higher
   * than it was then (Gao et al. 2023, arXiv:2210.10760).
   */
  private Optional<Alarm> hacked(Best now) {
    if (settings.gold().isEmpty() || best == null || now.score <= best.score) {
      return Optional.empty();
    }
    double lost = best.worth - now.worth;
    double gain = best.worth - first.worth;
    double error = mean(GOLD_ERROR) / Math.sqrt(latest.size());
    return gain > 0 && lost > settings.goldLoss() * gain && lost > 2 * error
        ? Optional.of(
            new Alarm(
                "hacked",
                lost / gain,
                "the reward is being hacked: since iteration %d gold fell from %.4g to %.4g while the score rose from %.4g to %.4g"
                    .formatted(
                        best.version + 1 + staleness,
                        best.worth,
                        now.worth,
                        best.score,
                        now.score)))
        : Optional.empty();
  }

  /** Iterations taken by the version that draws for the next one. */
  long version() {
    return version;
  }

  /** Iterations taken by the best version; 0 if none has been judged. */
  long best() {
    return best == null ? 0 : best.version;
  }

  /** What the best version is the best by. */
  double worth() {
    return best.worth;
  }

  /** What learning rates are multiplied by. */
  double rate() {
    return Math.pow(0.5, rollbacks);
  }
}
