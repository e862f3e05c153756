package org.plumbline.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.plumbline.agreement.AnnotatedBradleyTerry;
import org.plumbline.agreement.Contest;
import org.plumbline.agreement.Workers;

/** Belief by abilities: questions that belong together are comparisons of one contest. */
record ContestBelief(AnnotatedBradleyTerry model, Workers workers) implements Belief {
  /** Numbers of all sides, in the order of their ids, so that they are the same in every run. */
  private static Map<String, Integer> players(List<Ballots> questions) {
    Map<String, Integer> players = new TreeMap<>();
    questions.stream()
        .flatMap(each -> Stream.of(each.left(), each.right()))
        .distinct()
        .sorted()
        .forEach(id -> players.put(id, players.size()));
    return players;
  }

  /** Questions that belong together as the model knows them, with what is known of the answers. */
  static Contest contest(List<Ballots> questions, Workers workers) {
    Map<String, Integer> players = players(questions);
    List<Contest.Match> matches = new ArrayList<>();
    for (Ballots each : questions) {
      for (int i = 0; i < each.workers().length; i++) {
        matches.add(
            new Contest.Match(
                players.get(each.left()),
                players.get(each.right()),
                workers.number(Optional.ofNullable(each.workers()[i])),
                each.preferences()[i],
                each.truth()));
      }
    }
    return Contest.of(players.size(), matches);
  }

  @Override
  public double[] leftBetter(List<Ballots> questions) {
    Map<String, Integer> players = players(questions);
    List<Ballots> asked = questions.stream().map(Ballots::unanswered).toList();
    double[] abilities = model.abilities(contest(asked, workers));
    return questions.stream()
        .mapToDouble(
            each ->
                AnnotatedBradleyTerry.better(
                    abilities[players.get(each.left())], abilities[players.get(each.right())]))
        .toArray();
  }

  @Override
  public double reliability(int worker) {
    return model.reliability(worker);
  }
}
