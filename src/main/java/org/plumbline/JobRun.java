package org.plumbline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.LongSupplier;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.StageContext;

/**
 * Runs jobs one after the other in one run folder and keeps what they say.
 *
 * @param context Spark, the run folder, and the settings as the user gave them
 * @param result of the run; saved after every job, so that the report and a failed run have it
 * @param nanoTime a clock that never goes back
 */
record JobRun(StageContext context, RunResult result, LongSupplier nanoTime) {

  /**
   * Runs all of {@code jobs}, but for those that {@link #result} has already; {@code begun} is when
   * the command began, by the same clock.
   */
  void all(List<Job> jobs, long begun) {
    result.save(context.run()); // what an earlier run left is not what this one has done
    for (int i = 0; i < jobs.size(); i++) {
      Job job = jobs.get(i);
      String place = "%d/%d %s: ".formatted(i + 1, jobs.size(), job.name());
      if (result.has(job)) {
        context.progress().say(place + "is done");
        continue;
      }
      context.progress().say(place + job.purpose());
      try {
        one(job, JobCommand.Plan.WHOLE_RUN_SETTINGS);
      } catch (RuntimeException | Error e) {
        throw new JobFailedException(job.name(), e);
      }
      result.total((nanoTime.getAsLong() - begun) / 1e9);
      result.save(context.run());
    }
  }

  /** Runs {@code job} and returns its result as JSON. */
  ObjectNode one(Job job, String settingsFile) {
    long begun = nanoTime.getAsLong();
    Settings settings = RunInputs.resolve(context.settings(), context.run());
    context.run().writeText(settingsFile, SettingsReader.toYaml(settings));
    result.workedOnBy(context.spark().sparkContext().applicationId());
    result.save(context.run());
    Record said = job.work().apply(context.with(settings));
    ObjectNode json = RunResult.json(said);
    context.run().writeJson(job.folder() + "/result.json", json);
    result.add(job, json, (nanoTime.getAsLong() - begun) / 1e9);
    result.save(context.run());
    return json;
  }
}
