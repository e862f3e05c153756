package org.plumbline;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What every command is told. */
final class RunOptions {
  @Option(
      names = "--run",
      paramLabel = "DIR",
      defaultValue = "target/run",
      description = "run folder, on any Hadoop file system (default: ${DEFAULT-VALUE})")
  private String run;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "settings in YAML; repeatable, a later file wins")
  private List<String> configs = new ArrayList<>();

  @Option(
      names = "--defaults",
      paramLabel = "FILE",
      description = "the same, below --config; a run that is resumed has its own instead")
  private List<String> defaults = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "one setting; repeatable, wins over files")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--feedback",
      paramLabel = "PATH",
      description = "short for --set feedback.input=PATH")
  private String feedback;

  @Option(names = "--model", paramLabel = "DIR", description = "short for --set model.path=DIR")
  private String model;

  @Option(
      names = "--skip",
      paramLabel = "STAGE",
      description = "leave out a stage of a whole run; repeatable")
  private List<String> skipped = new ArrayList<>();

  @Option(
      names = "--resume",
      description =
          "go on with an interrupted run of DIR, with its settings: what is done is kept, training"
              + " goes on from its last checkpoint; only cluster.* may be set anew")
  private boolean resume;

  @Option(names = "--json", description = "print the result as JSON and nothing else")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  String run() {
    return run;
  }

  /** Whether there are files that a resumed run is to be compared with. */
  boolean configured() {
    return !configs.isEmpty();
  }

  /** All files, of which a later one wins. */
  List<String> configs() {
    return Stream.concat(defaults.stream(), configs.stream()).toList();
  }

  /** All pairs, shortcuts first, so that an explicit pair wins over them. */
  List<String> sets() {
    List<String> all = new ArrayList<>();
    if (feedback != null) {
      all.add("feedback.input=" + feedback);
    }
    if (model != null) {
      all.add("model.path=" + model);
    }
    all.addAll(sets);
    return all;
  }

  List<String> skipped() {
    return skipped;
  }

  boolean resume() {
    return resume;
  }

  boolean json() {
    return json;
  }
}
