package org.plumbline.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes judgments of any number, whose truth is known. */
@Command(
    name = "judgments",
    description = "Writes judgments of any number, of which everything is known.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class JudgmentsCommand implements Callable<Integer> {
  @Option(names = "--rows", required = true, description = "judgments")
  private long rows;

  @Option(names = "--to", required = true, description = "folder, on any Hadoop file system")
  private String folder;

  @Option(names = "--seed", defaultValue = "0", description = "of everything that is drawn")
  private long seed;

  @Override
  public Integer call() throws IOException {
    JudgmentWorld world = new JudgmentWorld(seed, rows);
    SparkConf conf =
        new SparkConf()
            .setAppName("judgments")
            .setIfMissing("spark.master", "local[*]")
            .setIfMissing("spark.driver.host", "127.0.0.1")
            .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
            .setIfMissing("spark.ui.enabled", "false");
    long begun = System.nanoTime();
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      new JudgmentShards(spark, world, folder).write();
    }
    System.out.printf(
        "%d judgments by %d annotators on %d prompts in %s, %.0f s%n",
        rows, world.annotators(), world.prompts(), folder, (System.nanoTime() - begun) / 1e9);
    return 0;
  }
}
