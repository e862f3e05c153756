package org.plumbline.curate;

import java.io.Serializable;
import java.util.List;
import org.plumbline.curate.bias.Mitigations;
import org.plumbline.curate.bias.VoteView;

/**
 * What a model of annotators needs to know of one question: who said what, and nothing else.
 *
 * @param left id of the side that a positive preference is for
 * @param right id of the other side
 * @param workers who answered; null where nobody is named
 * @param preferences of each, from -1 (surely right) to 1 (surely left), times the vote's weight
 * @param truth the known right answer: 1 left, -1 right, 0 not known
 */
record Ballots(String left, String right, String[] workers, double[] preferences, int truth)
    implements Serializable {
  /** The votes on a pair, each as far as {@code mitigations} let it count. */
  static Ballots of(Item item, Mitigations mitigations) {
    List<Vote> votes = item.opinions();
    double[] weights = mitigations.weights(votes.stream().map(vote -> view(item, vote)).toList());
    String[] workers = new String[votes.size()];
    double[] preferences = new double[workers.length];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = votes.get(i).annotator().orElse(null);
      preferences[i] = votes.get(i).preference() * weights[i];
    }
    return new Ballots(item.left().id(), item.right().id(), workers, preferences, item.truth());
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

  /** The same, as if the right answer were not known. */
  Ballots unanswered() {
    return new Ballots(left, right, workers, preferences, 0);
  }

  /** Yes and no to a response: yes is left. */
  static Ballots of(Verdict verdict) {
    List<Verdict.Say> says = verdict.opinions();
    String[] workers = new String[says.size()];
    double[] preferences = new double[workers.length];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = says.get(i).annotator().orElse(null);
      preferences[i] = says.get(i).direction();
    }
    return new Ballots("yes", "no", workers, preferences, verdict.truth());
  }
}
