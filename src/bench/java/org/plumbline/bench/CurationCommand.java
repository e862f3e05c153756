package org.plumbline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A table of how long it takes to read and curate judgments, by their number. */
@Command(
    name = "curation",
    description = "Times reading and curating judgments, by their number.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class CurationCommand implements Callable<Integer> {
  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "1000000,3000000,10000000",
      description = "judgments, the fewest first")
  private List<Long> rows;

  @Option(names = "--heap", defaultValue = "8g", description = "Java heap of a stage's process")
  private String heap;

  @Option(names = "--master", defaultValue = "local[2]", description = "Spark's master")
  private String master;

  @Option(
      names = "--spark",
      description = "another of Spark's settings, such as spark.sql.shuffle.partitions=64")
  private List<String> sparkSettings = List.of();

  @Option(
      names = "--folder",
      defaultValue = "target/bench",
      description = "where judgments are made once and kept, and runs lie")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    for (long count : rows) {
      generateOnce(count);
    }
    MarkdownTable.header(
        List.of(
            "judgments",
            "feedback, s",
            "curate, s",
            "peak memory, feedback",
            "peak memory, curate",
            "pairs",
            "time a judgment, against the first",
            "others' share of cores"));
    double first = Double.NaN;
    for (long count : rows) {
      Load before = Load.now();
      Path run = Files.createDirectories(folder.resolve("curation-" + count).toAbsolutePath());
      CurationProcess.Figures figures =
          new CurationProcess(heap, master, sparkSettings, run)
              .execute(Path.of(JudgmentShards.feedback(judgments(count).toString())));
      double each = figures.seconds() / count;
      first = Double.isNaN(first) ? each : first;
      row(count, figures, each / first, Figure.percent(Load.now().others(before)));
    }
    return 0;
  }

  private Path judgments(long count) {
    return folder.resolve("judgments-" + count).toAbsolutePath();
  }

  private void generateOnce(long count) throws IOException {
    Path done = judgments(count).resolve("_SUCCESS");
    if (!Files.exists(done)) {
      CurationProcess.generate(count, judgments(count));
      Files.createFile(done);
    }
  }

  private static void row(
      long count, CurationProcess.Figures figures, double ratio, String others) {
    MarkdownTable.row(
        List.of(
            String.format(Locale.ROOT, "%,d", count),
            String.format(Locale.ROOT, "%.0f", figures.feedback().seconds()),
            String.format(Locale.ROOT, "%.0f", figures.curate().seconds()),
            Figure.bytes(figures.feedback().peak()),
            Figure.bytes(figures.curate().peak()),
            String.format(Locale.ROOT, "%,d", figures.pairs()),
            String.format(Locale.ROOT, "%.2f", ratio),
            others));
  }
}
