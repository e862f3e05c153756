package org.plumbline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plumbline.evaluate.EvaluateStage;
import org.plumbline.evaluate.PolicyMeasures;
import org.plumbline.rollout.HeldOutRollouts;
import org.plumbline.stage.StageContext;
import org.slf4j.LoggerFactory;

/**
 * Aligns the starting policy by several methods, and measures what became of it on the same
 * prompts.
 */
final class Comparison {
  private static final String FOLDER = "compare/";
  private static final String START = "start";

  private Comparison() {}

  /**
   * What came out.
   *
   * @param policies measures of the start and of what each method made of it
   * @param seconds that each method took
   * @param failures of methods that made nothing, and why
   */
  record Result(
      Map<String, PolicyMeasures> policies,
      Map<String, Double> seconds,
      Map<String, String> failures) {}

  /**
   * Compares {@code compare.methods}. The run's own policies stay as they are: all that is written
   * is below {@code compare}. A method that fails does not keep others from being compared.
   */
  static Result execute(StageContext run) {
    StageContext context = RewardEnsemble.in(run);
    List<Method> methods = Method.wanted(context.settings());
    String start = RunModels.start(context);
    String reward =
        methods.stream().anyMatch(Method::reinforces)
            ? RunModels.reward(context)
            : RunModels.latest(context, "reward").orElse("");
    Map<String, String> policies = new LinkedHashMap<>();
    policies.put(START, start);
    Map<String, Double> seconds = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    for (int i = 0; i < methods.size(); i++) {
      Method method = methods.get(i);
      String name = method.name();
      context.progress().say("%d/%d %s".formatted(i + 1, methods.size(), name));
      long begun = System.nanoTime();
      try {
        policies.put(name, method.align(context, FOLDER + name, start, reward));
        seconds.put(name, (System.nanoTime() - begun) / 1e9);
      } catch (RuntimeException e) {
        LoggerFactory.getLogger(Logs.TRACE).error("{} failed", name, e);
        failures.put(name, Failure.line(e));
        context.progress().say(name + " failed: " + Failure.line(e));
      }
    }
    if (failures.size() == methods.size()) {
      throw new IllegalStateException("Cannot compare: every method failed: " + failures);
    }
    StageContext aside = context.in(context.run().with("evaluate", FOLDER + "evaluate"));
    new HeldOutRollouts(aside).execute(policies, start, reward);
    return new Result(
        new EvaluateStage(aside).measures(List.copyOf(policies.keySet())), seconds, failures);
  }
}
