package org.plumbline.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;

/** Writes the run's report, {@code report/index.html}, from its tables and results. */
public final class ReportStage {
  private static final String FILE = "report/index.html";

  private final StageContext context;

  /** A report on {@code context.run()}. */
  public ReportStage(StageContext context) {
    this.context = context;
  }

  /**
   * Where the report is.
   *
   * @param path full URI of the HTML file
   * @param bytes its size
   */
  public record Result(String path, long bytes) {}

  /**
   * Writes the report, replacing an earlier one.
   *
   * @throws IllegalArgumentException if a table of the run is not what its place says
   * @throws UncheckedIOException if the run folder cannot be read or written
   */
  public Result execute() {
    RunFolder run = context.run();
    context.spark().sparkContext().setJobDescription("report: read tables");
    try {
      byte[] page = Page.of(Report.of(context)).getBytes(StandardCharsets.UTF_8);
      write(run, page);
      return new Result(run.at(FILE), page.length);
    } finally {
      context.spark().sparkContext().setJobDescription(null);
    }
  }

  private static void write(RunFolder run, byte[] page) {
    try (OutputStream out = run.fileSystem().create(new Path(run.at(FILE)), true)) {
      out.write(page);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write report " + run.at(FILE) + ": " + e.getMessage(), e);
    }
  }
}
