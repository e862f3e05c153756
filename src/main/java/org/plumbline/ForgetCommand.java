package org.plumbline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.config.SettingsSource;
import org.plumbline.curate.Forgetting;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What hangs on one annotator's judgments, and, if asked, a run without them. */
@Command(
    name = ForgetCommand.NAME,
    description = "what hangs on one annotator: judgments, votes, pairs, checkpoints",
    footer =
        "%nCurates everybody else's judgments aside, by the settings that the run was curated with."
            + "%n--apply moves the judgments to the rejects; curate again to have pairs without them."
            + "%nThe files that were read stay as they are: take the annotator out of them too.%n"
            + "%nExample:%n  jobs/plumbline.sh forget --run target/mine --annotator ann --json")
final class ForgetCommand implements Callable<Integer> {
  static final String NAME = "forget";

  private final Console console;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "run folder, on any Hadoop file system")
  private String run;

  @Option(
      names = "--annotator",
      paramLabel = "NAME",
      required = true,
      description = "whom to forget, as feedback names them")
  private String annotator;

  @Option(names = "--apply", description = "move the annotator's judgments to the rejects")
  private boolean apply;

  @Option(names = "--json", description = "print the result as JSON and nothing else")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  ForgetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Logs.configure(Optional.empty(), console.terminal());
    try {
      Configuration hadoop = CommandSpark.hadoop();
      Settings settings =
          SettingsReader.read(sources(new RunFolder(run, hadoop), hadoop), List.of());
      try (CommandSpark spark = CommandSpark.start(NAME, 1)) {
        print(forget(spark, settings));
      }
      return 0;
    } catch (RuntimeException e) {
      console.complain(NAME, Failure.line(e));
      return JobCommand.FAILED;
    }
  }

  private Forgetting.Result forget(CommandSpark spark, Settings settings) {
    RunFolder folder = new RunFolder(run, spark.session().sparkContext().hadoopConfiguration());
    StageContext context =
        new StageContext(
            spark.session(),
            folder,
            settings,
            new ConsoleProgress(console.err(), System::nanoTime));
    return new Forgetting(context, annotator).execute(apply);
  }

  /** What the run was curated with; alone, or with all other stages. */
  private static List<SettingsSource> sources(RunFolder folder, Configuration hadoop) {
    return Stream.of("settings-curate.yaml", "settings.yaml")
        .filter(folder::has)
        .findFirst()
        .map(file -> ConfigFiles.read(folder.at(file), hadoop))
        .stream()
        .toList();
  }

  private void print(Forgetting.Result result) {
    ObjectNode tree = RunResult.json(result);
    if (json) {
      console.out().println(tree.toPrettyString());
    } else {
      tree.properties()
          .forEach(
              field ->
                  console
                      .out()
                      .println(
                          "%-15s %s"
                              .formatted(
                                  field.getKey(),
                                  field.getValue().isArray()
                                      ? field.getValue().size() + " listed with --json"
                                      : field.getValue().asText())));
    }
    console.out().flush();
  }
}
