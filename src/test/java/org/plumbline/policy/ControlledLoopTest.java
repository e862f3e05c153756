package org.plumbline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.plumbline.model.Head;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.Interruption;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;
import org.plumbline.train.TrainedModel;

/** Loops that break off, or are led. */
class ControlledLoopTest extends SmallLoops {
  /** With all that an iteration hands to the next: the KL controller, prompts dealt, a critic. */
  @Test
  void aResumedRunIsAsIfItHadNeverStopped() {
    String[] steered = {
      "ppo.kl-target=0.01",
      "ppo.kl-horizon=8",
      "ppo.critic=separate",
      "ppo.critic-start=reward",
      "ppo.samples-per-prompt=2",
      "ppo.dynamic-sampling=1"
    };
    TinyRun calm = run("calm", steered);
    PolicyStage.Result expected =
        new PolicyStage(calm.context(), start.uri(), reward.uri()).execute();
    assertResumes(calm, expected, steered);
    assertThat(calm.metric("ppo", "kl_coef").values()).doesNotHaveDuplicates();
  }

  /** Each iteration's completions but the first are those of the policy before the last update. */
  @Test
  void completionsMayBeDrawnWhileThePolicyIsUpdated() {
    String[] sets = {"ppo.staleness=1", "ppo.critic=separate", "ppo.iterations=4"};
    TinyRun calm = run("stale", sets);
    PolicyStage.Result expected =
        new PolicyStage(calm.context(), start.uri(), reward.uri()).execute();
    TreeMap<Long, Double> kl = calm.metric("ppo", "kl");
    assertThat(kl.get(1L)).isEqualTo(0);
    assertThat(kl.get(2L)).isEqualTo(0); // the start's own, though it has been updated by then
    assertThat(kl.get(3L)).isNotEqualTo(0);
    assertThat(expected.completions()).isEqualTo(16);

    TinyRun prompt = run("prompt", "ppo.critic=separate", "ppo.iterations=4");
    new PolicyStage(prompt.context(), start.uri(), reward.uri()).execute();
    assertThat(prompt.metric("ppo", "kl").get(2L)).isNotEqualTo(0);

    assertResumes(calm, expected, sets);
  }

  /** Stopped after any iteration and gone on with, it is what {@code calm} was to the last bit. */
  private void assertResumes(TinyRun calm, PolicyStage.Result expected, String... sets) {
    for (int iteration = 1; iteration < expected.iterations(); iteration++) {
      TinyRun stopped = run("stopped-" + iteration, sets);
      StageContext ending = Interruption.at(iteration, stopped.context());
      assertThatThrownBy(() -> new PolicyStage(ending, start.uri(), reward.uri()).execute())
          .isInstanceOf(Interruption.class);
      PolicyStage.Result result =
          new PolicyStage(Interruption.resumed(stopped.context()), start.uri(), reward.uri())
              .execute();
      assertThat(result)
          .usingRecursiveComparison()
          .ignoringFields("checkpoint")
          .isEqualTo(expected);
      assertThat(TinyModel.weights(result.checkpoint(), Head.NONE))
          .isEqualTo(TinyModel.weights(expected.checkpoint(), Head.NONE));
      assertThat(critic(stopped, result)).isEqualTo(critic(calm, expected));
      assertThat(rollouts(stopped)).isEqualTo(rollouts(calm));
      for (String name : calm.metrics("ppo")) {
        assertThat(stopped.metric("ppo", name))
            .isEqualTo(calm.metric("ppo", name))
            .hasSize((int) expected.iterations());
      }
    }
  }

  @Test
  void whatWasDrawnForAfterTheEndIsDropped() {
    TinyRun run =
        run(
            "ended",
            "ppo.staleness=1",
            "ppo.control.max-grad-norm=1e-9",
            "ppo.control.action=stop");
    PolicyStage.Result result = new PolicyStage(run.context(), start.uri(), reward.uri()).execute();
    assertThat(result.ended()).startsWith("grad_norm is ");
    assertThat(result.iterations()).isEqualTo(1);
    assertThat(rollouts(run)).hasSize((int) result.completions());
  }

  @Test
  void theBestByGoldIsTheVersionThatDrewIt() throws Exception {
    // Gold is highest in the fourth iteration, whose completions are those of the second version.
    TinyRun run =
        run(
                "stale gold",
                "ppo.staleness=1",
                "ppo.iterations=6",
                "ppo.control.window=1",
                "ppo.control.gold=truth",
                "reward.terms=[{model: trained},"
                    + " {name: truth, weight: 0, sql: '-abs(iteration - 3)'}]")
            .promptTexts(9);
    PolicyStage.Result result = new PolicyStage(run.context(), start.uri(), reward.uri()).execute();
    assertThat(result.checkpoint())
        .isEqualTo(run.context().run().at("ppo/checkpoint/step-00000002"));
    assertThat(TrainedModel.of(run.context().run(), "ppo")).contains(result.checkpoint());
  }

  @Test
  void whatComesOutIsTheBestByGold() throws Exception {
    // Gold is the number of the iteration, turned round after the third.
    TinyRun run =
        run(
                "gold",
                "ppo.iterations=5",
                "ppo.control.window=1",
                "ppo.control.gold=truth",
                "reward.terms=[{model: trained},"
                    + " {name: truth, weight: 0, sql: '-abs(iteration - 2)'}]")
            .promptTexts(9);
    PolicyStage.Result result = new PolicyStage(run.context(), start.uri(), reward.uri()).execute();

    assertThat(result.checkpoint())
        .isEqualTo(run.context().run().at("ppo/checkpoint/step-00000002"));
    assertThat(TrainedModel.of(run.context().run(), "ppo")).contains(result.checkpoint());
    assertThat(run.metric("ppo", "gold").values()).containsExactly(-2.0, -1.0, 0.0, -1.0, -2.0);
    assertThat(run.metric("ppo", "gold_error").values()).containsOnly(0.0);
    assertThat(result.iterations()).isEqualTo(5);
    assertThat(result.ended()).isEmpty();
  }

  @Test
  void aRunThatWasRolledBackResumesAsIfItHadNeverStopped() throws Exception {
    String[] falling = {
      "ppo.iterations=5",
      "ppo.control.window=1",
      "ppo.control.gold=truth",
      "ppo.control.action=rollback",
      "ppo.control.max-rollbacks=1",
      "reward.terms=[{name: proxy, sql: 'iteration'},"
          + " {name: truth, weight: 0, sql: '-abs(iteration - 1)'}]"
    };
    TinyRun calm = run("calm", falling).promptTexts(9);
    PolicyStage.Result expected = new PolicyStage(calm.context(), start.uri(), "").execute();

    // After the third iteration gold has fallen: back to what the first left. Then it falls again.
    assertThat(calm.metric("ppo", "gold")).hasSize(4);
    assertThat(expected.iterations()).isEqualTo(4);
    assertThat(expected.ended()).startsWith("the reward is being hacked: since iteration 2 gold");
    assertThat(expected.checkpoint()).endsWith("step-00000001");
    // Both iterations begin at the first one's checkpoint, and so at the same place of the
    // schedule.
    assertThat(calm.metric("ppo", "learning_rate").get(4L))
        .isCloseTo(calm.metric("ppo", "learning_rate").get(2L) / 2, within(1e-12));

    TinyRun stopped = run("stopped", falling).promptTexts(9);
    StageContext ending = Interruption.at(3, stopped.context());
    assertThatThrownBy(() -> new PolicyStage(ending, start.uri(), "").execute())
        .isInstanceOf(Interruption.class);
    PolicyStage.Result result =
        new PolicyStage(Interruption.resumed(stopped.context()), start.uri(), "").execute();
    assertThat(result).usingRecursiveComparison().ignoringFields("checkpoint").isEqualTo(expected);
    assertThat(rollouts(stopped)).isEqualTo(rollouts(calm));
    for (String name : calm.metrics("ppo")) {
      assertThat(stopped.metric("ppo", name)).isEqualTo(calm.metric("ppo", name));
    }
  }

  private static float[] critic(TinyRun run, PolicyStage.Result result) {
    String last = "ppo/critic/step-%08d".formatted(result.iterations());
    return TinyModel.weights(run.context().run().at(last), Head.CRITIC);
  }
}
