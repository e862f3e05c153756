package org.plumbline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.cluster.Gangs;
import org.plumbline.config.InvalidSettingsException;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A subcommand: one job, or several in a row. */
@Command
final class JobCommand implements Callable<Integer> {
  static final int FAILED = 1;
  static final int WRONG_USE = 2;

  /**
   * What a subcommand does.
   *
   * @param name as typed
   * @param purpose one line of help
   * @param example arguments that make sense, for its help
   * @param jobs in order
   * @param whole whether these jobs are a whole run, with one result
   * @param defaults file in {@code conf/} that is read if no other is named
   */
  record Plan(
      String name,
      String purpose,
      String example,
      List<Job> jobs,
      boolean whole,
      Optional<String> defaults) {
    static final String WHOLE_RUN_SETTINGS = "settings.yaml";

    /** Where in the run folder the settings are kept that it was run with. */
    String settingsFile() {
      return whole ? WHOLE_RUN_SETTINGS : "settings-" + name + ".yaml";
    }
  }

  private final Plan plan;
  private final Console console;

  @Mixin private final RunOptions options = new RunOptions();

  JobCommand(Plan plan, Console console) {
    this.plan = plan;
    this.console = console;
  }

  @Override
  public Integer call() {
    long begun = System.nanoTime();
    Logs.configure(Optional.empty(), console.terminal());
    try {
      checkSkipped();
      Configuration hadoop = CommandSpark.hadoop();
      RunFolder run = new RunFolder(options.run(), hadoop);
      boolean again = YarnAttempt.current().filter(attempt -> attempt.goesOnIn(run)).isPresent();
      boolean resume = options.resume() || again;
      return logged(resume ? resumed(run, hadoop) : settings(hadoop), resume, run, begun);
    } catch (InvalidSettingsException e) {
      e.problems().forEach(problem -> console.complain(plan.name(), problem));
      return WRONG_USE;
    } catch (RuntimeException e) {
      console.complain(plan.name(), Failure.line(e));
      return FAILED;
    }
  }

  private Settings settings(Configuration hadoop) {
    return SettingsReader.read(sources(hadoop), options.sets());
  }

  private Settings resumed(RunFolder run, Configuration hadoop) {
    Resumption resumption = Resumption.of(plan, run, hadoop);
    Settings settings =
        !options.configured()
            ? SettingsReader.read(List.of(resumption.source()), options.sets())
            : RunInputs.resolve(settings(hadoop), run);
    resumption.require(plan, settings);
    return settings;
  }

  private void checkSkipped() {
    List<String> stages = plan.whole() ? plan.jobs().stream().map(Job::name).toList() : List.of();
    List<String> unknown =
        options.skipped().stream().filter(name -> !stages.contains(name)).toList();
    if (!unknown.isEmpty()) {
      String possible =
          stages.isEmpty() ? "it is for whole runs" : "must be one of " + String.join(", ", stages);
      throw new InvalidSettingsException(
          unknown.stream()
              .map(name -> "Invalid --skip: %s (%s)".formatted(name, possible))
              .toList());
    }
  }

  private List<SettingsSource> sources(Configuration hadoop) {
    if (options.configs().isEmpty()) {
      return plan.defaults().map(ConfigFiles::builtIn).stream().toList();
    }
    return options.configs().stream().map(file -> ConfigFiles.read(file, hadoop)).toList();
  }

  private int logged(Settings settings, boolean resume, RunFolder run, long begun) {
    try (RunLog log = RunLog.open(run, console.terminal())) {
      try (CommandSpark spark = CommandSpark.start(plan.name(), settings.cluster().ranks())) {
        execute(spark, settings, resume, begun);
        return 0;
      } catch (Throwable e) {
        // Errors too: a native library that does not load is one, and it deserves a clear line.
        LoggerFactory.getLogger(Logs.TRACE).error("plumbline {} failed", plan.name(), e);
        console.complain(plan.name(), Failure.line(e) + " (log: " + log.place() + ")");
        return FAILED;
      }
    }
  }

  private void execute(CommandSpark spark, Settings settings, boolean resume, long begun) {
    RunFolder run =
        new RunFolder(options.run(), spark.session().sparkContext().hadoopConfiguration());
    new SharedFolder(run, spark.session()).check();
    if (plan.whole() && !settings.cluster().localRounds()) {
      // not after hours of what comes before training
      Gangs.requirePossible(spark.session().sparkContext().getConf(), settings.cluster().ranks());
    }
    StageContext context =
        new StageContext(
            spark.session(),
            run,
            settings,
            new ConsoleProgress(console.err(), System::nanoTime),
            resume);
    RunResult soFar = plan.whole() && !resume ? RunResult.empty() : RunResult.of(run);
    JobRun jobs = new JobRun(context, soFar, System::nanoTime);
    if (plan.whole()) {
      jobs.all(
          plan.jobs().stream().filter(job -> !options.skipped().contains(job.name())).toList(),
          begun);
      ObjectNode result = jobs.result().root();
      print(result, Summary.ofRun(result, run));
    } else {
      Job job = plan.jobs().get(0);
      ObjectNode result = jobs.one(job, plan.settingsFile());
      print(result, Summary.ofStage(job, result, run));
    }
  }

  private void print(ObjectNode result, String summary) {
    console.out().print(options.json() ? result.toPrettyString() + "\n" : summary);
    console.out().flush();
  }
}
