package org.plumbline.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes a {@link JudgmentWorld} into a folder: {@code feedback/judgments-*.jsonl.gz}, 100,000 rows
 * a file, and {@code annotators-truth.jsonl.gz}. The files do not depend on who writes them.
 */
record JudgmentShards(JavaSparkContext spark, JudgmentWorld world, String folder) {
  private static final long ROWS_A_SHARD = 100_000;

  /** Compresses fast: it is speed that the files are for. */
  private static final class QuickGzip extends GZIPOutputStream {
    QuickGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Where the judgments lie. */
  static String feedback(String folder) {
    return folder + "/feedback";
  }

  void write() throws IOException {
    // Small worlds too are several files, since each is read by one task.
    long size = Math.min(ROWS_A_SHARD, Math.max(1, (world.rows() + 7) / 8));
    List<Integer> shards = new ArrayList<>();
    for (int i = 0; i * size < world.rows(); i++) {
      shards.add(i);
    }
    JudgmentWorld judged = world;
    String to = feedback(folder);
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    spark.setJobDescription("judgments");
    spark
        .parallelize(shards, shards.size())
        .foreach(
            shard -> {
              Path file = new Path(to, "judgments-%05d.jsonl.gz".formatted(shard));
              try (OutputStream out = create(file, file.getFileSystem(hadoop.value()))) {
                JudgmentLines lines = new JudgmentLines(judged);
                long end = Math.min(judged.rows(), (shard + 1) * size);
                for (long row = shard * size; row < end; row++) {
                  lines.write(row, out);
                }
              }
            });
    writeTruth();
  }

  private static OutputStream create(Path file, FileSystem files) throws IOException {
    return new BufferedOutputStream(new QuickGzip(files.create(file, true)), 1 << 16);
  }

  private void writeTruth() throws IOException {
    Path file = new Path(folder, "annotators-truth.jsonl.gz");
    try (OutputStream out = create(file, file.getFileSystem(spark.hadoopConfiguration()))) {
      for (long number = 0; number < world.annotators(); number++) {
        out.write(JudgmentLines.truth(world.annotator(number)));
        out.write('\n');
      }
    }
  }
}
