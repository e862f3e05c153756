package org.plumbline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;

/**
 * Listens to Spark and writes, at the end, a Markdown table of its stages: how long each took, its
 * longest task, and what went through. A task far longer than the others of its stage stalls it.
 */
public final class StageTimes extends SparkListener {
  /** The system property that says where the table goes. */
  static final String FILE = "bench.stages";

  private static final String DESCRIPTION = "spark.job.description";

  private final Map<Integer, String> descriptions = new HashMap<>();
  private final Map<Integer, List<Long>> tasks = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    String description =
        submitted.properties() == null ? null : submitted.properties().getProperty(DESCRIPTION);
    descriptions.put(submitted.stageInfo().stageId(), description == null ? "" : description);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    tasks.computeIfAbsent(end.stageId(), id -> new ArrayList<>()).add(end.taskInfo().duration());
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted completed) {
    StageInfo info = completed.stageInfo();
    List<Long> durations = tasks.getOrDefault(info.stageId(), List.of(0L));
    long begun = (long) info.submissionTime().get();
    long ended = (long) info.completionTime().get();
    var metrics = info.taskMetrics();
    lines.add(
        String.format(
            Locale.ROOT,
            "| %d | %s | %s | %.1f | %d | %.1f | %.1f | %.0f | %.0f | %.0f | %.0f |",
            info.stageId(),
            descriptions.getOrDefault(info.stageId(), ""),
            info.name(),
            (ended - begun) / 1e3,
            durations.size(),
            durations.stream().mapToLong(Long::longValue).max().orElse(0) / 1e3,
            metrics.jvmGCTime() / 1e3,
            metrics.inputMetrics().bytesRead() / 0x1p20,
            metrics.shuffleReadMetrics().totalBytesRead() / 0x1p20,
            metrics.shuffleWriteMetrics().bytesWritten() / 0x1p20,
            metrics.diskBytesSpilled() / 0x1p20));
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd end) {
    List<String> table = new ArrayList<>();
    table.add(
        "| stage | job | what | s | tasks | longest task, s | GC, s | MiB read | shuffle MiB read |"
            + " shuffle MiB written | MiB spilled |");
    table.add("|---|---|---|---|---|---|---|---|---|---|---|");
    table.addAll(lines);
    try {
      Files.write(Path.of(System.getProperty(FILE)), table);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write stage times: " + e.getMessage(), e);
    }
  }
}
