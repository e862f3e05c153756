package org.plumbline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.plumbline.agreement.LabelReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How far people agree on any labels, and how right the labels are that are made of theirs. */
@Command(
    name = AgreementCommand.NAME,
    description = "labels by several people -> how far they agree, and one label for each item",
    footer =
        "%nFiles are CSV or TSV with a header, JSON Lines or Parquet, by their ending."
            + "%nLabels are any text; if all are numbers, alpha is ordinal and interval too.%n"
            + "%nExample:%n  jobs/plumbline.sh agreement --labels labels.csv --truth truth.csv")
final class AgreementCommand implements Callable<Integer> {
  static final String NAME = "agreement";

  /** How labels are written. */
  enum Format {
    parquet,
    csv
  }

  private final Console console;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      required = true,
      description = "who gave what which label, on any Hadoop file system")
  private String labels;

  @Option(names = "--truth", paramLabel = "FILE", description = "items and their right labels")
  private Optional<String> truth = Optional.empty();

  @Option(
      names = "--item",
      paramLabel = "COLUMN",
      defaultValue = "item",
      description = "what is labelled, in both files (default: ${DEFAULT-VALUE})")
  private String item;

  @Option(
      names = "--worker",
      paramLabel = "COLUMN",
      defaultValue = "worker",
      description = "who labels; null is nobody (default: ${DEFAULT-VALUE})")
  private String worker;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      defaultValue = "label",
      description = "the label (default: ${DEFAULT-VALUE})")
  private String label;

  @Option(
      names = "--truth-label",
      paramLabel = "COLUMN",
      defaultValue = "truth",
      description = "the right label, in the file of --truth (default: ${DEFAULT-VALUE})")
  private String truthLabel;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "100",
      description = "most rounds of a fit (default: ${DEFAULT-VALUE})")
  private int iterations;

  @Option(
      names = "--smoothing",
      paramLabel = "X",
      defaultValue = "0.01",
      description = "added to each cell of a worker's confusions (default: ${DEFAULT-VALUE})")
  private double smoothing;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "write each method's labels: item, method, label, probability")
  private Optional<String> out = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "of --out: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format format;

  @Option(names = "--json", description = "print the result as JSON and nothing else")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  AgreementCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Logs.configure(Optional.empty(), console.terminal());
    try {
      LabelReport.Options options = new LabelReport.Options(iterations, smoothing);
      try (CommandSpark spark = CommandSpark.start(NAME, 1)) {
        List<Row> made = new ArrayList<>();
        AgreementText text = new AgreementText(report(spark.session(), options, made));
        console.out().print(json ? text.json(made).toPrettyString() + "\n" : text.table());
        console.out().flush();
      }
      return 0;
    } catch (RuntimeException e) {
      console.complain(NAME, Failure.line(e));
      return JobCommand.FAILED;
    }
  }

  /** With {@code --json}, adds to {@code made} the labels of all methods, unless they are many. */
  private LabelReport report(SparkSession spark, LabelReport.Options options, List<Row> made) {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("item", item);
    columns.put("worker", worker);
    columns.put("label", label);
    Dataset<Row> answers = new LabelFile(labels).read(spark, columns);
    Optional<Dataset<Row>> right =
        truth.map(
            file -> new LabelFile(file).read(spark, Map.of("item", item, "truth", truthLabel)));
    // A fit is not made for labels that cannot be written.
    out.ifPresent(folder -> requireNew(folder, spark));
    Consumer<Dataset<Row>> writer =
        rows -> {
          out.ifPresent(
              folder -> rows.write().format(format.name()).option("header", true).save(folder));
          if (json) {
            List<Row> some = rows.limit(AgreementText.MOST_LABELS + 1).collectAsList();
            made.addAll(some.size() > AgreementText.MOST_LABELS ? List.of() : some);
          }
        };
    return LabelReport.of(answers, right, options, Optional.of(writer));
  }

  private static void requireNew(String folder, SparkSession spark) {
    try {
      Path path = new Path(folder);
      if (path.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(path)) {
        throw new IllegalArgumentException(
            "Cannot write %s: it is there already".formatted(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(folder, e.getMessage()), e);
    }
  }
}
