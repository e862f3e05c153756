package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has annotators judge items, and keeps their judgments as lines of {@code feedback.jsonl}. */
final class FeedbackMaker {
  private final World world;
  private final Grammar grammar;
  private final Panel panel;
  private final long seed;
  private final Truth truth;

  FeedbackMaker(World world, Grammar grammar, Panel panel, long seed, Truth truth) {
    this.world = world;
    this.grammar = grammar;
    this.panel = panel;
    this.seed = seed;
    this.truth = truth;
  }

  /** All judgments of {@code items}, in the order of the items. */
  List<Map<String, Object>> make(List<FeedbackItem> items) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Draws draws = Draws.of(seed, "judgments", i);
      for (Annotator judge : panel.judges(draws)) {
        rows.addAll(judged(items.get(i), judge, draws));
      }
    }
    return rows;
  }

  /** What {@code judge} says of {@code item}, a row or more. */
  List<Map<String, Object>> judged(FeedbackItem item, Annotator judge, Draws draws) {
    return switch (item.kind()) {
      case "ranking", "choice" -> List.of(compared(item, judge, draws));
      case "critique" -> List.of(criticised(item, judge, draws));
      default -> eachAlone(item, judge, draws);
    };
  }

  private Map<String, Object> compared(FeedbackItem item, Annotator judge, Draws draws) {
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < item.replies().size(); i++) {
      shown.add(i);
    }
    draws.shuffle(shown);
    double[] utilities = new double[shown.size()];
    for (int position = 0; position < shown.size(); position++) {
      int index = shown.get(position);
      Place place = new Place(index, position, shown.size());
      utilities[index] = panel.utility(judge, item.replies().get(index), place, draws);
    }
    Ranking ranking = Ranking.of(utilities);
    ranking.strictPairs(
        (better, worse) ->
            panel.tally(judge, item.replies().get(better), item.replies().get(worse)));
    JudgmentRow row = new JudgmentRow(item.prompt(), item.kind(), item.replies());
    if (item.kind().equals("choice")) {
      row.with("choice", ranking.best()).with("strength", ranking.strength());
    } else {
      row.with("ranking", ranking.ranks());
    }
    return row.shown(shown).by(judge, draws);
  }

  private List<Map<String, Object>> eachAlone(FeedbackItem item, Annotator judge, Draws draws) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < item.replies().size(); i++) {
      Reply reply = item.replies().get(i);
      double utility = panel.utility(judge, reply, Place.alone(i), draws);
      JudgmentRow row = new JudgmentRow(item.prompt(), item.kind(), List.of(reply)).firstId(i);
      if (item.kind().equals("binary")) {
        row.with("acceptable", judge.accepts(utility));
      } else {
        row.with("rating", judge.rating(utility))
            .with("scale", List.of(Annotator.LOWEST, Annotator.HIGHEST));
      }
      rows.add(row.shown(List.of(0)).by(judge, draws));
    }
    return rows;
  }

  /** Who reads closely names the fault and writes the best reply; others name and write any. */
  private Map<String, Object> criticised(FeedbackItem item, Annotator judge, Draws draws) {
    Reply reply = item.replies().get(0);
    Topic topic = item.prompt().topic();
    String category = reply.category();
    Reply revision = grammar.best(topic, draws); // never the reply itself, which has a fault
    if (!judge.attentive(draws)) {
      List<String> faulty =
          world.categories(topic).stream()
              .filter(each -> world.replies().get(each).critique() != null)
              .toList();
      category = faulty.get(draws.any(faulty.size()));
      do {
        revision = grammar.draw(topic, ReplyKind::feedback, draws);
      } while (revision.text().equals(reply.text()));
    }
    return new JudgmentRow(item.prompt(), item.kind(), item.replies())
        .with("critique", world.replies().get(category).critique())
        .with("revision", truth.note(item.prompt(), revision).text())
        .shown(List.of(0))
        .by(judge, draws);
  }
}
