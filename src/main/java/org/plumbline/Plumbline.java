package org.plumbline;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plumbline.config.SettingsReader;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/** The command line: {@code plumbline COMMAND [options]}, also the class to give spark-submit. */
public final class Plumbline {
  private static final String SETTINGS_SECTION = "settings";
  private static final String STAGE_EXAMPLE =
      "--run target/quickstart \\%n      --config target/quickstart/settings.yaml";

  private Plumbline() {}

  /** Runs one command and ends the process: 0 done, 1 failed, 2 wrong use. */
  public static void main(String[] args) {
    int code = execute(Jobs.WORLD, Jobs.STAGES, Console.ofProcess(), args);
    if (!CommandSpark.yarnRunsTheDriver()) {
      // Barrier stages leave a timer thread behind that would keep this JVM alive.
      System.exit(code);
    }
    if (code != 0) {
      // YARN takes any exit for a failure and starts again, and a return for success.
      throw new IllegalStateException("plumbline ended with code " + code);
    }
  }

  static int execute(Job world, List<Job> stages, Console console, String... args) {
    return commandLine(plans(world, stages), console).execute(args);
  }

  private static List<JobCommand.Plan> plans(Job world, List<Job> stages) {
    List<Job> all = new ArrayList<>();
    all.add(world);
    all.addAll(stages);
    List<JobCommand.Plan> plans = new ArrayList<>();
    plans.add(
        new JobCommand.Plan(
            "quickstart",
            "makes a small world and aligns a small model in it, from nothing to the report",
            "--run target/quickstart-1 --set seed=1",
            List.copyOf(all),
            true,
            Optional.of("quickstart.yaml")));
    plans.add(
        new JobCommand.Plan(
            "run",
            "the main job: your feedback and your model to an aligned model and a report",
            "--feedback hdfs:///feedback --model hdfs:///models/gpt2 --run hdfs:///runs/1",
            stages,
            true,
            Optional.empty()));
    all.add(Jobs.PLAN);
    all.add(Jobs.COMPARE);
    all.add(Jobs.BEST_OF);
    for (Job job : all) {
      plans.add(
          new JobCommand.Plan(
              job.name(), job.purpose(), STAGE_EXAMPLE, List.of(job), false, Optional.empty()));
    }
    return plans;
  }

  private static CommandLine commandLine(List<JobCommand.Plan> plans, Console console) {
    CommandSpec spec = CommandSpec.create().name("plumbline").mixinStandardHelpOptions(true);
    spec.usageMessage().description("Preference alignment for language models on Apache Spark.");
    String version = Plumbline.class.getPackage().getImplementationVersion();
    spec.version("plumbline " + (version == null ? "(not from a jar)" : version));
    CommandLine commands = new CommandLine(spec);
    for (JobCommand.Plan plan : plans) {
      commands.addSubcommand(plan.name(), subcommand(plan, console));
    }
    commands.addSubcommand(new GenerateCommand(console));
    commands.addSubcommand(new LogprobsCommand(console));
    commands.addSubcommand(new MergeCommand(console));
    commands.addSubcommand(new ForgetCommand(console));
    commands.addSubcommand(new AgreementCommand(console));
    commands.addSubcommand(new ConformanceCommand(console));
    return commands
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err().out(), true, StandardCharsets.UTF_8))
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, args) -> wrongUse(e, console));
  }

  private static CommandLine subcommand(JobCommand.Plan plan, Console console) {
    CommandLine command = new CommandLine(new JobCommand(plan, console));
    command
        .getCommandSpec()
        .usageMessage()
        .description(plan.purpose())
        .footer("%nExample:%n  jobs/plumbline.sh " + plan.name() + " " + plan.example());
    String[] sections = sections(plan);
    if (sections.length > 0) {
      String settings = SettingsReader.describe(sections);
      List<String> order = new ArrayList<>(command.getHelpSectionKeys());
      order.add(order.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER), SETTINGS_SECTION);
      command.setHelpSectionKeys(order);
      command
          .getHelpSectionMap()
          .put(SETTINGS_SECTION, help -> "\nSettings, their defaults and bounds:\n" + settings);
    }
    return command;
  }

  private static String[] sections(JobCommand.Plan plan) {
    return plan.jobs().stream()
        .flatMap(job -> job.sections().stream())
        .distinct()
        .toArray(String[]::new);
  }

  private static int wrongUse(ParameterException e, Console console) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName(" ");
    String reason = e.getMessage().lines().findFirst().orElse("");
    console.err().out().println(name + ": " + reason + " (see " + name + " --help)");
    return JobCommand.WRONG_USE;
  }
}
