package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.plumbline.config.FaultSettings;
import org.plumbline.table.Split;

/**
 * Plants in the feedback what curation should find: each sort in a method, each with numbers of its
 * own, so that one sort more changes nothing of the others.
 *
 * @param writer writes what is judged
 * @param maker has it judged
 */
record FaultPlanter(
    FeedbackItems writer, FeedbackMaker maker, Panel panel, Truth truth, long seed) {
  private static final String CHOICE = "choice";

  /** Invented or reserved for documentation: numbers and addresses that belong to nobody. */
  private static final List<PersonalData> PERSONAL =
      List.of(
          new PersonalData("email", "Write to anna.smith@example.org."),
          new PersonalData("phone", "Call me on +1 202-555-0143."),
          new PersonalData("credit-card", "My card is 4111 1111 1111 1111."),
          new PersonalData("iban", "Send it to DE89 3704 0044 0532 0130 00."),
          new PersonalData("ip-address", "My computer is 192.0.2.44."));

  private record PersonalData(String sort, String sentence) {}

  /**
   * Adds to {@code judgments} what {@code faults} asks for and returns what was planted, the
   * panel's faults among it.
   */
  List<PlantedFault> plant(
      FaultSettings faults,
      List<FeedbackItem> items,
      List<WorldPrompt> prompts,
      List<Map<String, Object>> judgments) {
    List<PlantedFault> planted = new ArrayList<>();
    panel.unreliable().stream()
        .map(who -> PlantedFault.ofAnnotator("unreliable", "about chance", who))
        .forEach(planted::add);
    panel.spammers().stream()
        .map(who -> PlantedFault.ofAnnotator("spammer", who.spam().word(), who))
        .forEach(planted::add);
    List<WorldPrompt> training = side(prompts, Split.TRAIN);
    // Copies are of what people really said, so they come first.
    planted.addAll(duplicates(faults.duplicates(), judgments));
    planted.addAll(cycles(shuffled("cycle", training), faults.cycles()));
    planted.addAll(leaks(shuffled("leak", side(prompts, Split.HELD_OUT)), faults.leaks()));
    planted.addAll(personalData(shuffled("personal", training), faults.personalData()));
    planted.addAll(gold(items, faults.gold()));
    planted.forEach(fault -> judgments.addAll(fault.rows()));
    return planted;
  }

  private static List<WorldPrompt> side(List<WorldPrompt> prompts, String split) {
    return prompts.stream().filter(prompt -> prompt.split().equals(split)).toList();
  }

  private <T> List<T> shuffled(String purpose, Collection<T> all) {
    List<T> shuffled = new ArrayList<>(all);
    Draws.of(seed, "which " + purpose, 0).shuffle(shuffled);
    return shuffled;
  }

  private List<PlantedFault> duplicates(double share, List<Map<String, Object>> judgments) {
    return shuffled("duplicate", judgments)
        .subList(0, (int) Math.round(share * judgments.size()))
        .stream()
        .map(row -> fault("duplicate", "the same row again", row, List.of(row)))
        .toList();
  }

  /** Somebody prefers A to B, B to C and C to A. */
  private List<PlantedFault> cycles(List<WorldPrompt> prompts, int count) {
    List<PlantedFault> planted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WorldPrompt prompt = prompts.get(i % prompts.size());
      Draws draws = Draws.of(seed, "cycle", i);
      List<Reply> replies = writer.replies(prompt, CHOICE, 3, draws);
      Annotator who = panel.anyHonest(draws);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int better = 0; better < replies.size(); better++) {
        List<Reply> two = List.of(replies.get(better), replies.get((better + 1) % replies.size()));
        rows.add(
            new JudgmentRow(prompt, CHOICE, two)
                .with(CHOICE, 0)
                .with("strength", 0.7)
                .shown(draws.any(2) == 0 ? List.of(0, 1) : List.of(1, 0))
                .by(who, draws));
      }
      planted.add(fault("cycle", "A > B > C > A", rows.get(0), rows));
    }
    return planted;
  }

  /** A held-out prompt that somebody takes for a training prompt, as it is or hardly reworded. */
  private List<PlantedFault> leaks(List<WorldPrompt> heldOut, int count) {
    List<PlantedFault> planted = new ArrayList<>();
    for (int i = 0; i < Math.min(count, heldOut.size()); i++) {
      WorldPrompt prompt = heldOut.get(i);
      boolean exact = i % 2 == 0;
      String text = exact ? prompt.text() : reworded(prompt.text(), i % 4 == 1);
      WorldPrompt leaked = new WorldPrompt(prompt.topic(), prompt.phrasing(), text, Split.TRAIN);
      Draws draws = Draws.of(seed, "leak", i);
      List<Map<String, Object>> rows = judged(leaked, draws, List.of());
      planted.add(fault("leak", exact ? "exact" : "reworded", rows.get(0), rows));
    }
    return planted;
  }

  private static String reworded(String text, boolean thankful) {
    return thankful ? text + " Thanks!" : "Hi, " + text.toLowerCase(Locale.ROOT);
  }

  private List<PlantedFault> personalData(List<WorldPrompt> prompts, int count) {
    List<PlantedFault> planted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WorldPrompt prompt = prompts.get(i % prompts.size());
      PersonalData data = PERSONAL.get(i % PERSONAL.size());
      List<Map<String, Object>> rows =
          judged(prompt, Draws.of(seed, "personal", i), List.of(data.sentence()));
      planted.add(fault("personal-data", data.sort(), rows.get(0), rows));
    }
    return planted;
  }

  /** A choice by somebody honest; the first reply goes on with {@code more}. */
  private List<Map<String, Object>> judged(WorldPrompt prompt, Draws draws, List<String> more) {
    List<Reply> replies = new ArrayList<>(writer.replies(prompt, CHOICE, 2, draws));
    for (String sentence : more) {
      Reply plain = replies.get(0);
      Reply longer = new Reply(plain.category(), plain.quality(), plain.text() + " " + sentence);
      replies.set(0, truth.note(prompt, longer));
    }
    FeedbackItem item = new FeedbackItem(prompt, CHOICE, List.copyOf(replies));
    return maker.judged(item, panel.anyHonest(draws), draws);
  }

  /** The right answer to what people were asked too. */
  private List<PlantedFault> gold(List<FeedbackItem> items, double share) {
    List<PlantedFault> planted = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      FeedbackItem item = items.get(i);
      double[] qualities = item.replies().stream().mapToDouble(Reply::quality).toArray();
      boolean asked =
          qualities.length > 1
              && (item.kind().equals("ranking") || item.kind().equals(CHOICE))
              && qualities[0] != qualities[1];
      if (asked && Draws.of(seed, "gold", i).uniform() < share) {
        Ranking right = Ranking.of(qualities);
        JudgmentRow row = new JudgmentRow(item.prompt(), item.kind(), item.replies());
        Map<String, Object> gold =
            item.kind().equals(CHOICE)
                ? row.with(CHOICE, right.best()).gold()
                : row.with("ranking", right.ranks()).gold();
        planted.add(fault("gold", item.kind(), gold, List.of(gold)));
      }
    }
    return planted;
  }

  private static PlantedFault fault(
      String fault, String detail, Map<String, Object> row, List<Map<String, Object>> rows) {
    return new PlantedFault(
        fault, detail, (String) row.get("annotator"), (String) row.get("prompt"), rows);
  }

  /** Line numbers of {@code lines}, from 1, by what they say. */
  static List<PlantedFault.Row> located(List<PlantedFault> planted, List<String> lines) {
    Map<String, List<Integer>> places = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      places.computeIfAbsent(lines.get(i), text -> new ArrayList<>()).add(i + 1);
    }
    return planted.stream().map(fault -> fault.at(places)).toList();
  }
}
