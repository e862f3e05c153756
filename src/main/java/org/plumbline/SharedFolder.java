package org.plumbline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.plumbline.stage.RunFolder;

/**
 * A run folder on the driver's own disk. Executors elsewhere would write to disks of their own, and
 * nothing would be found, unless the folder is mounted on all their machines.
 */
record SharedFolder(RunFolder run, SparkSession spark) {

  /**
   * Lets executors look for a file that the driver has written.
   *
   * @throws IllegalArgumentException if one does not find it
   */
  void check() {
    if (spark.sparkContext().isLocal() || !run.fileSystem().getUri().getScheme().equals("file")) {
      return;
    }
    String mark = "_seen-" + UUID.randomUUID();
    run.writeText(mark, "");
    try {
      List<String> blind = blind(mark);
      if (!blind.isEmpty()) {
        throw new IllegalArgumentException(
            ("Invalid --run: %s is not seen by the executors on %s"
                    + " (must be on HDFS, in S3, or on a disk that is mounted on every machine)")
                .formatted(run.uri(), String.join(", ", blind)));
      }
    } finally {
      run.delete(mark);
    }
  }

  /** Hosts whose executors do not see the file {@code relative}. */
  List<String> blind(String relative) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = context.defaultParallelism();
    String file = new org.apache.hadoop.fs.Path(run.at(relative)).toUri().getPath();
    return context
        .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
        .filter(task -> !Files.exists(Path.of(file)))
        .map(task -> SparkEnv.get().blockManager().blockManagerId().host())
        .distinct()
        .collect()
        .stream()
        .sorted()
        .toList();
  }
}
