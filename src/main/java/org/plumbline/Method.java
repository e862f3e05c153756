package org.plumbline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.plumbline.config.InvalidSettingsException;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.policy.PolicyStage;
import org.plumbline.prefer.PreferStage;
import org.plumbline.stage.StageContext;

/**
 * A method of alignment: the settings of a run, but for those that make the method.
 *
 * @param name as {@code compare.methods} has it
 * @param reinforces whether it learns from the reward model, or else from pairs
 */
record Method(String name, boolean reinforces, Settings settings) {
  private static final List<String> REINFORCEMENT =
      List.of(
          "ppo", "grpo", "dr-grpo", "rloo", "reinforce++", "dapo", "gspo", "raft", "online-dpo");

  /** Direct methods whose papers' values are no other's; each has a file in {@code conf/}. */
  private static final List<String> OF_THEIR_OWN = List.of("orpo", "simpo", "cpo");

  private static final String LOSS = "dpo.loss";

  /** The methods that {@code compare.methods} names. */
  static List<Method> wanted(Settings settings) {
    String wanted = settings.compare().methods();
    List<String> all = all();
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

  /** Names of all of them; {@code dpo} is the loss that is called {@code sigmoid}. */
  private static List<String> all() {
    List<String> all = new ArrayList<>(REINFORCEMENT);
    all.add("dpo");
    SettingsReader.choices(LOSS).stream().filter(loss -> !loss.equals("sigmoid")).forEach(all::add);
    return all;
  }

  private static Method of(String name, Settings settings) {
    boolean reinforces = REINFORCEMENT.contains(name);
    if (name.equals("ppo")) {
      return new Method(
          name,
          true,
          changed(
              settings,
              List.of(),
              "ppo.learn-from=advantages",
              "ppo.advantage-estimator=gae",
              "ppo.ratio=token"));
    }
    if (reinforces || OF_THEIR_OWN.contains(name)) {
      return new Method(
          name, reinforces, changed(settings, List.of(ConfigFiles.builtIn(name + ".yaml"))));
    }
    String loss = name.equals("dpo") ? "sigmoid" : name;
    return new Method(name, false, changed(settings, List.of(), LOSS + "=" + loss));
  }

  private static Settings changed(Settings settings, List<SettingsSource> more, String... sets) {
    SettingsSource own = new SettingsSource("the run's settings", SettingsReader.toYaml(settings));
    return SettingsReader.read(
        Stream.concat(Stream.of(own), more.stream()).toList(), List.of(sets));
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
