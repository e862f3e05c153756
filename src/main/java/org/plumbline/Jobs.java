package org.plumbline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plumbline.config.RewardTerm;
import org.plumbline.curate.CurateStage;
import org.plumbline.evaluate.BestOfStage;
import org.plumbline.evaluate.EvaluateStage;
import org.plumbline.feedback.FeedbackStage;
import org.plumbline.planning.PlanningStage;
import org.plumbline.policy.PolicyStage;
import org.plumbline.prefer.PreferStage;
import org.plumbline.quickstart.QuickstartStage;
import org.plumbline.report.ReportStage;
import org.plumbline.reward.RewardStage;
import org.plumbline.rollout.HeldOutRollouts;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.StageContext;
import org.plumbline.tokens.TokensStage;

/**
 * All jobs. To plug in a stage, name its constructor here: {@code c -> new XStage(c).execute()}.
 */
final class Jobs {

  /** Makes the quickstart's world; comes before the stages. */
  static final Job WORLD =
      new Job(
          "world",
          "writes the quickstart's small world: requests, judged replies, dialogues, a model",
          "quickstart",
          List.of("seed", "quickstart"),
          context -> new QuickstartStage(context).execute(),
          Headlines::none);

  /** The stages of the main job, in order. */
  static final List<Job> STAGES =
      List.of(
          new Job(
              "feedback",
              "human judgments of all kinds -> feedback table, and rejects with reasons",
              "feedback",
              List.of("seed", "feedback"),
              context -> new FeedbackStage(context).execute(),
              Headlines::ofFeedback),
          new Job(
              "curate",
              "feedback -> preference pairs with probability and weight, and annotators",
              "curate",
              List.of("curate"),
              context -> new CurateStage(context).execute(),
              Headlines::ofCurate),
          new Job(
              "tokens",
              "pairs, single responses, dialogues and prompts -> token tables",
              "tokens",
              List.of("model", "tokens"),
              context -> new TokensStage(context, context.settings().model().path()).execute(),
              Headlines::none),
          new Job(
              "sft",
              "dialogues -> the starting policy",
              "sft",
              List.of("seed", "cluster", "model", "sft"),
              context -> new SftStage(context).execute(),
              Headlines::none),
          new Job(
              "reward",
              "pairs -> the reward model",
              "reward",
              List.of("seed", "cluster", "reward"),
              context -> new RewardStage(context, RunModels.start(context)).execute(),
              Headlines::none),
          new Job(
              "policy",
              "prompts and the reward model -> a policy, by PPO or one of its family",
              "ppo",
              List.of("seed", "cluster", "ppo", "reward.terms", "dpo"),
              context ->
                  new PolicyStage(
                          RewardEnsemble.in(context),
                          RunModels.start(context),
                          RunModels.reward(context))
                      .execute(),
              Headlines::none),
          new Job(
              "prefer",
              "pairs or single responses -> a policy, by DPO or one of its family",
              "dpo",
              List.of("seed", "cluster", "dpo"),
              context -> new PreferStage(context, RunModels.start(context)).execute(),
              Headlines::none),
          new Job(
              "evaluate",
              "the starting policy and what became of it -> completions and measures",
              "evaluate",
              List.of("seed", "cluster", "evaluate"),
              Jobs::evaluate,
              Headlines::ofEvaluate),
          new Job(
              "report",
              "the run's tables and results -> one HTML file",
              "report",
              List.of(),
              context -> new ReportStage(context).execute(),
              Headlines::none));

  /** Plans the next round of judgments; no part of a whole run. */
  static final Job PLAN =
      new Job(
          "plan",
          "votes and annotators -> what to ask next, and whom, as a labelling batch",
          "plan",
          List.of("seed", "plan"),
          context -> new PlanningStage(context).execute(),
          Headlines::none);

  /** Compares methods; no part of a whole run. */
  static final Job COMPARE =
      new Job(
          "compare",
          "the same start by several methods -> their measures side by side",
          "compare",
          List.of("seed", "cluster", "compare"),
          Comparison::execute,
          Headlines::none);

  /** Chooses instead of training; no part of a whole run. */
  static final Job BEST_OF =
      new Job(
          "best-of",
          "many completions of held-out prompts -> what the best of n earns, and what it is worth",
          "best-of",
          List.of("seed", "cluster", "reward.terms", "evaluate", "best-of"),
          Jobs::bestOf,
          Headlines::none);

  private Jobs() {}

  private static Record bestOf(StageContext context) {
    StageContext earning = RewardEnsemble.in(context);
    RewardTerm.requireNamed(
        "best-of.gold", context.settings().bestOf().gold(), earning.settings().reward().terms());
    new HeldOutRollouts(earning)
        .draw(
            RunModels.start(context),
            RunModels.reward(context),
            context.settings().bestOf().samples(),
            BestOfStage.ROLLOUTS);
    return new BestOfStage(context).execute();
  }

  /** Lets the policies of the run speak, then measures them. */
  private static Record evaluate(StageContext context) {
    String start = RunModels.start(context);
    Map<String, String> policies = new LinkedHashMap<>();
    policies.put("start", start);
    for (String name : List.of("ppo", "dpo")) {
      RunModels.latest(context, name).ifPresent(folder -> policies.put(name, folder));
    }
    String reward = RunModels.latest(context, "reward").orElse("");
    new HeldOutRollouts(RewardEnsemble.in(context)).execute(policies, start, reward);
    return new EvaluateStage(context).execute();
  }
}
