package org.plumbline.quickstart;

import java.util.ArrayList;
import java.util.List;

/** Decides what is put before annotators. */
final class FeedbackItems {
  private final World world;
  private final Grammar grammar;
  private final long seed;
  private final Truth truth;

  FeedbackItems(World world, Grammar grammar, long seed, Truth truth) {
    this.world = world;
    this.grammar = grammar;
    this.seed = seed;
    this.truth = truth;
  }

  /** The items of {@code prompts}, in the order of the prompts. */
  List<FeedbackItem> make(List<WorldPrompt> prompts) {
    List<FeedbackItem> items = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      for (String kind : world.feedback().keySet()) {
        World.Plan plan = world.feedback().get(kind);
        Draws draws = Draws.of(seed, "item " + kind, i);
        if (draws.uniform() < plan.items()) {
          List<Reply> replies = replies(prompts.get(i), kind, plan.responses(), draws);
          items.add(new FeedbackItem(prompts.get(i), kind, replies));
        }
      }
    }
    return items;
  }

  /** Different texts, which may be equally good; a critique needs something to find fault with. */
  List<Reply> replies(WorldPrompt prompt, String kind, int count, Draws draws) {
    List<Reply> replies = new ArrayList<>();
    while (replies.size() < count) {
      Reply reply = grammar.draw(prompt.topic(), ReplyKind::feedback, draws);
      boolean known = replies.stream().anyMatch(each -> each.text().equals(reply.text()));
      boolean faultless = world.replies().get(reply.category()).critique() == null;
      if (!known && !(kind.equals("critique") && faultless)) {
        replies.add(truth.note(prompt, reply));
      }
    }
    return replies;
  }
}
