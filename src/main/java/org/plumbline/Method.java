package org.plumbline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.plumbline.config.InvalidSettingsException;
import org.plumbline.config.MethodOverride;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.policy.PolicyStage;
import org.plumbline.prefer.PreferStage;
import org.plumbline.stage.StageContext;

/**
 * A method of alignment: the settings of a run, but for those that make the method, which are in
 * its file in {@code conf/}, and those that {@code compare.overrides} has for it.
 *
 * @param name as {@code compare.methods} has it
 * @param reinforces whether it learns from the reward model, or else from pairs
 */
record Method(String name, boolean reinforces, Settings settings) {
  private static final List<String> REINFORCEMENT =
      List.of(
          "ppo", "grpo", "dr-grpo", "rloo", "reinforce++", "dapo", "gspo", "raft", "online-dpo");

  /** DPO otherwise than by another {@code dpo.loss}. */
  private static final List<String> KINDS_OF_DPO =
      List.of("dpo-forward-kl", "dpo-jensen-shannon", "dpo-alpha", "wpo", "ld-dpo", "mpo");

  private static final String LOSS = "dpo.loss";

  /** The methods that {@code compare.methods} names. */
  static List<Method> wanted(Settings settings) {
    String wanted = settings.compare().methods();
    List<String> all = all();
    settings.compare().overrides().forEach(each -> require(all, each.method()));
    if (wanted.strip().equals("all")) {
      return all.stream().map(name -> of(name, settings)).toList();
    }
    List<String> names =
        Arrays.stream(wanted.split(","))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .toList();
    List<String> unknown = names.stream().filter(name -> !all.contains(name)).toList();
    if (names.isEmpty() || !unknown.isEmpty()) {
      throw new InvalidSettingsException(
          List.of(
              "Invalid compare.methods: %s (must be all, or some of %s)"
                  .formatted(
                      unknown.isEmpty() ? wanted : String.join(",", unknown),
                      String.join(", ", all))));
    }
    return names.stream().distinct().map(name -> of(name, settings)).toList();
  }

  private static void require(List<String> all, String overridden) {
    if (!all.contains(overridden)) {
      throw new InvalidSettingsException(
          List.of(
              "Invalid compare.overrides: %s (must be of one of %s)"
                  .formatted(overridden, String.join(", ", all))));
    }
  }

  /** Names of all of them; {@code dpo} is the loss that is called {@code sigmoid}. */
  static List<String> all() {
    List<String> all = new ArrayList<>(REINFORCEMENT);
    all.add("dpo");
    SettingsReader.choices(LOSS).stream().filter(loss -> !loss.equals("sigmoid")).forEach(all::add);
    all.addAll(KINDS_OF_DPO);
    return all;
  }

  /** The method called {@code name}, for a run of {@code settings}. */
  static Method of(String name, Settings settings) {
    List<String> sets =
        settings.compare().overrides().stream()
            .filter(each -> each.method().equals(name))
            .map(MethodOverride::set)
            .toList();
    return new Method(name, REINFORCEMENT.contains(name), changed(settings, own(name), sets));
  }

  /** The settings that make a method: those in its file, but for the two that a run has anyway. */
  private static SettingsSource own(String name) {
    return switch (name) {
      case "ppo" -> new SettingsSource("ppo", "ppo: {advantage-estimator: gae, ratio: token}");
      case "dpo" -> new SettingsSource("dpo", "dpo: {loss: sigmoid}");
      default -> ConfigFiles.builtIn(name + ".yaml");
    };
  }

  private static Settings changed(Settings settings, SettingsSource method, List<String> sets) {
    SettingsSource run = new SettingsSource("the run's settings", SettingsReader.toYaml(settings));
    // What the run learns from, or a mixture of its own, would be in the place of any method's.
    SettingsSource plain =
        new SettingsSource("every method", "{ppo: {learn-from: advantages}, dpo: {losses: []}}");
    return SettingsReader.read(List.of(run, plain, method), sets);
  }

  /**
   * Folder of the policy that it makes of {@code start}, by what is in the run of {@code context}.
   */
  String align(StageContext context, String folder, String start, String reward) {
    String stage = reinforces ? "ppo" : "dpo";
    StageContext own = context.in(context.run().with(stage, folder)).with(settings);
    return reinforces
        ? new PolicyStage(own, start, reward).execute().checkpoint()
        : new PreferStage(own, start).execute().checkpoint();
  }
}
