package org.plumbline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.plumbline.stage.StageContext;

/**
 * All jobs. To plug in a stage, name its constructor here: {@code c -> new XStage(c).execute()}.
 */
final class Jobs {
  private static final UnaryOperator<ObjectNode> NOTHING = result -> result.objectNode();
  private static final UnaryOperator<ObjectNode> EVERYTHING = result -> result;

  /** Makes the quickstart's world; comes before the stages. */
  static final Job WORLD =
      new Job(
          "world",
          "writes the quickstart's small world: requests, judged replies, dialogues, a model",
          "quickstart",
          List.of("seed", "quickstart"),
          unwired("world"),
          NOTHING);

  /** The stages of the main job, in order. */
  static final List<Job> STAGES =
      List.of(
          new Job(
              "feedback",
              "human judgments of all kinds -> feedback table, and rejects with reasons",
              "feedback",
              List.of("seed", "feedback"),
              unwired("feedback"),
              NOTHING),
          new Job(
              "curate",
              "feedback -> preference pairs with probability and weight, and annotators",
              "curate",
              List.of("curate"),
              unwired("curate"),
              NOTHING),
          new Job(
              "tokens",
              "pairs, dialogues and prompts -> token tables",
              "tokens",
              List.of("model", "tokens"),
              unwired("tokens"),
              NOTHING),
          new Job(
              "sft",
              "dialogues -> the starting policy",
              "sft",
              List.of("seed", "cluster", "model", "sft"),
              unwired("sft"),
              NOTHING),
          new Job(
              "reward",
              "pairs -> the reward model",
              "reward",
              List.of("seed", "cluster", "reward"),
              unwired("reward"),
              NOTHING),
          new Job(
              "policy",
              "prompts and the reward model -> a policy, by PPO",
              "ppo",
              List.of("seed", "cluster", "ppo"),
              unwired("policy"),
              NOTHING),
          new Job(
              "prefer",
              "pairs -> a policy, by DPO",
              "dpo",
              List.of("seed", "cluster", "dpo"),
              unwired("prefer"),
              NOTHING),
          new Job(
              "evaluate",
              "the starting policy and what became of it -> completions and measures",
              "evaluate",
              List.of("seed", "cluster", "evaluate"),
              unwired("evaluate"),
              EVERYTHING),
          new Job(
              "report",
              "the run's tables and results -> one HTML file",
              "report",
              List.of(),
              unwired("report"),
              NOTHING));

  private Jobs() {}

  private static Function<StageContext, Record> unwired(String name) {
    return context -> {
      throw new IllegalStateException("Cannot run " + name + ": not wired");
    };
  }
}
