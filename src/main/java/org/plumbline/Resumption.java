package org.plumbline;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.config.InvalidSettingsException;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.stage.RunFolder;

/**
 * What an interrupted run was told, so that it goes on with the same.
 *
 * @param source its settings as it kept them
 */
record Resumption(SettingsSource source) {
  /** Where and with how many tasks work is done may change: results do not depend on it. */
  private static final String FREE = "cluster";

  /**
   * The settings of the run in {@code run}.
   *
   * @throws InvalidSettingsException if there are none, so that nothing was begun there
   */
  static Resumption of(JobCommand.Plan plan, RunFolder run, Configuration hadoop) {
    return Stream.of(plan.settingsFile(), JobCommand.Plan.WHOLE_RUN_SETTINGS)
        .filter(run::has)
        .findFirst()
        .map(file -> new Resumption(ConfigFiles.read(run.at(file), hadoop)))
        .orElseThrow(
            () ->
                new InvalidSettingsException(
                    List.of(
                        "Cannot resume: no run was begun in %s (it has no %s)"
                            .formatted(run.uri(), plan.settingsFile()))));
  }

  /** Refuses {@code settings} that {@code plan} reads and that are not those of the run. */
  void require(JobCommand.Plan plan, Settings settings) {
    Set<String> sections =
        plan.jobs().stream().flatMap(job -> job.sections().stream()).collect(Collectors.toSet());
    sections.remove(FREE);
    List<String> problems =
        SettingsReader.differences(
            SettingsReader.read(List.of(source), List.of()),
            settings,
            key -> sections.stream().anyMatch(section -> (key + ".").startsWith(section + ".")));
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(
          problems.stream().map(problem -> "Cannot resume: " + problem).toList());
    }
  }
}
