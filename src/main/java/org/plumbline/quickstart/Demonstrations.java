package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;
import org.plumbline.table.Split;

/** Dialogues of mixed quality on training prompts: who imitates them speaks and misbehaves. */
final class Demonstrations {
  private final Grammar grammar;
  private final long seed;
  private final Truth truth;

  Demonstrations(Grammar grammar, long seed, Truth truth) {
    this.grammar = grammar;
    this.seed = seed;
    this.truth = truth;
  }

  /** A line of {@code demonstrations.jsonl}. */
  record Row(String prompt, String response, String split, String source) {}

  /** {@code count} dialogues, as evenly over the training prompts as can be. */
  List<Row> make(List<WorldPrompt> prompts, int count) {
    List<WorldPrompt> training =
        prompts.stream().filter(prompt -> prompt.split().equals(Split.TRAIN)).toList();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WorldPrompt prompt = training.get(i % training.size());
      Draws draws = Draws.of(seed, "demonstration", i);
      Reply reply = grammar.draw(prompt.topic(), ReplyKind::demonstrations, draws);
      truth.note(prompt, reply);
      rows.add(new Row(prompt.text(), reply.text(), prompt.split(), QuickstartStage.SOURCE));
    }
    Draws.of(seed, "demonstrations", 0).shuffle(rows);
    return rows;
  }
}
