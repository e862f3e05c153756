package org.plumbline.curate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.plumbline.curate.bias.Mitigations;
import org.plumbline.curate.bias.VoteView;

/**
 * What a model of annotators needs to know of one question: who said what, and nothing else.
 *
 * @param left id of the side that a positive preference is for
 * @param right id of the other side
 * @param workers who answered, each once; null where nobody is named
 * @param preferences of each, from -1 (surely right) to 1 (surely left), times the vote's weight
 * @param truth the known right answer: 1 left, -1 right, 0 not known
 */
record Ballots(String left, String right, String[] workers, double[] preferences, int truth)
    implements Serializable {
  /** The votes on a pair, each as far as {@code mitigations} let it count. */
  static Ballots of(Item item, Mitigations mitigations) {
    List<Vote> votes = item.opinions();
    double[] weights = mitigations.weights(votes.stream().map(vote -> view(item, vote)).toList());
    Hearing hearing = new Hearing();
    for (int i = 0; i < weights.length; i++) {
      hearing.hear(votes.get(i).annotator(), votes.get(i).preference() * weights[i]);
    }
    return hearing.ballots(item.left().id(), item.right().id(), item.truth());
  }

  private static VoteView view(Item item, Vote vote) {
    return new VoteView(
        vote.annotator(),
        vote.voter().group(),
        vote.leftFirst(),
        item.left().length(),
        item.right().length(),
        vote.preference());
  }

  /** Of each worker, which side is better: 1 left, -1 right, 0 neither. */
  int[] voices() {
    return Arrays.stream(preferences).mapToInt(each -> (int) Math.signum(each)).toArray();
  }

  /** The same, as if the right answer were not known. */
  Ballots unanswered() {
    return new Ballots(left, right, workers, preferences, 0);
  }

  /** Yes and no to a response: yes is left. */
  static Ballots of(Verdict verdict) {
    List<Verdict.Say> says = verdict.opinions();
    Hearing hearing = new Hearing();
    says.forEach(say -> hearing.hear(say.annotator(), say.direction()));
    return hearing.ballots("yes", "no", verdict.truth());
  }

  /**
   * What each has to say. Who rates two responses and ranks them too has said one thing, not two
   * that bear each other out: it counts once, as the mean. Of those whom nobody names, each speaks.
   */
  private static final class Hearing {
    private final Map<String, double[]> named = new LinkedHashMap<>();
    private final List<Double> others = new ArrayList<>();

    void hear(Optional<String> worker, double preference) {
      worker.ifPresentOrElse(
          name -> {
            double[] sum = named.computeIfAbsent(name, key -> new double[2]);
            sum[0] += preference;
            sum[1]++;
          },
          () -> others.add(preference));
    }

    Ballots ballots(String left, String right, int truth) {
      String[] workers = named.keySet().toArray(new String[named.size() + others.size()]);
      double[] preferences =
          DoubleStream.concat(
                  named.values().stream().mapToDouble(sum -> sum[0] / sum[1]),
                  others.stream().mapToDouble(Double::doubleValue))
              .toArray();
      return new Ballots(left, right, workers, preferences, truth);
    }
  }
}
