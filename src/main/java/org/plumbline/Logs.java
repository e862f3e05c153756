package org.plumbline;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.api.LayoutComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.LoggableComponentBuilder;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/**
 * What is logged where: everything from INFO on to a file; to the console our warnings, and only
 * the errors of others. Set from here and not from a file on the class path, because spark-submit
 * has set up logging its own way before the program is asked.
 */
final class Logs {
  /** For stack traces, which belong in the file; the console gets one line from elsewhere. */
  static final String TRACE = "org.plumbline.trace";

  /** Spark reports these failures twice more: as the exception that we show. */
  private static final String[] TOLD_ANYWAY = {
    "org.apache.spark.executor.Executor",
    "org.apache.spark.scheduler.TaskSetManager",
    "org.apache.spark.sql.execution.datasources.FileFormatWriter",
    "org.apache.spark.util.Utils",
    TRACE
  };

  private static final String CONSOLE = "console";
  private static final String FILE = "file";

  private final ConfigurationBuilder<BuiltConfiguration> builder =
      ConfigurationBuilderFactory.newConfigurationBuilder();
  private final boolean toFile;

  private Logs(boolean toFile) {
    this.toFile = toFile;
  }

  /**
   * Sets up logging for this JVM.
   *
   * @param file where everything goes; empty as long as the run folder is not known
   * @param terminal whether a progress bar may stand where a log line comes
   */
  static void configure(Optional<Path> file, boolean terminal) {
    Configurator.reconfigure(new Logs(file.isPresent()).build(file, terminal));
  }

  private BuiltConfiguration build(Optional<Path> file, boolean terminal) {
    builder.setConfigurationName("plumbline").setStatusLevel(Level.ERROR);
    String wipe = terminal ? ConsoleProgress.WIPE : "";
    builder.add(
        builder
            .newAppender(CONSOLE, "Console")
            .addAttribute("target", "SYSTEM_ERR")
            .add(layout(wipe + "%-5level %msg%n%ex{0}")));
    file.ifPresent(path -> builder.add(fileAppender(path)));
    builder.add(references(builder.newRootLogger(Level.INFO), Level.ERROR));
    builder.add(
        references(builder.newLogger("org.plumbline", Level.INFO), Level.WARN)
            .addAttribute("additivity", false));
    for (String name : TOLD_ANYWAY) {
      builder.add(
          references(builder.newLogger(name, Level.INFO), Level.OFF)
              .addAttribute("additivity", false));
    }
    return builder.build();
  }

  private AppenderComponentBuilder fileAppender(Path path) {
    return builder
        .newAppender(FILE, "File")
        .addAttribute("fileName", path.toString())
        .addAttribute("append", true)
        .add(layout("%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{1.}: %msg%n%ex"));
  }

  private LayoutComponentBuilder layout(String pattern) {
    return builder.newLayout("PatternLayout").addAttribute("pattern", pattern);
  }

  private <T extends LoggableComponentBuilder<T>> T references(T logger, Level console) {
    logger.add(builder.newAppenderRef(CONSOLE).addAttribute("level", console));
    if (toFile) {
      logger.add(builder.newAppenderRef(FILE));
    }
    return logger;
  }
}
