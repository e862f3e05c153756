package org.plumbline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.plumbline.config.SettingsReader;
import org.plumbline.rollout.RewardTerms;
import org.plumbline.rollout.RolloutRequest;
import org.plumbline.rollout.Rollouts;
import org.plumbline.sft.SftStage;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.PromptTokensTable;

/**
 * The same training and the same rollouts on some executors of one core, in Spark's local cluster.
 *
 * @param model Hugging Face folder, with weights and a tokenizer
 * @param words of its vocabulary
 * @param async whether checkpoints are written while training goes on
 */
record ScaledRun(
    Path model, int words, int executors, int steps, int prompts, Path folder, boolean async) {
  private static final int BATCH = 8;
  private static final int TOKENS = 256;
  private static final int PROMPT = 32;
  private static final int COMPLETION = 128;

  /**
   * What it took.
   *
   * @param steps seconds of a stage of training whose model is in memory, with its checkpoint
   * @param rollouts seconds of a stage of rollouts whose model is in memory
   * @param peak bytes that the largest executor ever had in memory
   */
  record Figures(double steps, double rollouts, long peak) {}

  Figures measure() throws IOException {
    try (SparkSession spark = session()) {
      RunFolder run =
          new RunFolder(folder.toUri().toString(), spark.sparkContext().hadoopConfiguration());
      StageWatch watch = new StageWatch();
      StageContext context =
          new StageContext(
              spark,
              run,
              SettingsReader.read(
                  List.of(),
                  List.of(
                      "model.path=" + model.toUri(),
                      "cluster.ranks=" + executors,
                      "cluster.async-checkpoints=" + async,
                      "cluster.rollout-tasks=" + 4 * executors,
                      "sft.batch-size=" + BATCH,
                      "sft.micro-batch-size=" + BATCH / 2,
                      "sft.steps-per-stage=" + steps,
                      "sft.epochs=1",
                      "ppo.generation.batch-size=" + BATCH,
                      "ppo.generation.min-new-tokens=" + COMPLETION,
                      "ppo.generation.max-new-tokens=" + COMPLETION)),
              watch);
      DemonstrationTokensTable.TABLE.write(
          spark.createDataFrame(
              demonstrations(2 * steps * BATCH), DemonstrationTokensTable.TABLE.schema()),
          run.at("tokens/demonstrations"));
      new SftStage(context).execute();
      rollOut(context);
      double rollouts = rollOut(context);
      return new Figures(watch.last(), rollouts, peak(spark));
    }
  }

  private SparkSession session() {
    return LocalSession.of(
        "local-cluster[%d,1,1024]".formatted(executors),
        Map.of(
            "spark.executor.extraClassPath",
            System.getProperty("java.class.path"),
            "spark.executorEnv.OMP_NUM_THREADS",
            "1",
            "spark.executorEnv.OMP_WAIT_POLICY",
            "PASSIVE",
            "spark.executorEnv.THP_MEM_ALLOC_ENABLE",
            "1",
            "spark.scheduler.barrier.maxConcurrentTasksCheck.interval",
            "1s"));
  }

  private List<Row> demonstrations(int count) {
    SplittableRandom random = new SplittableRandom(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          RowFactory.create("d" + i, ids(random, PROMPT), ids(random, TOKENS - PROMPT), "train"));
    }
    return rows;
  }

  private int[] ids(SplittableRandom random, int count) {
    return random.ints(count, 1, words).toArray();
  }

  private double rollOut(StageContext context) {
    SplittableRandom random = new SplittableRandom(2);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      rows.add(RowFactory.create("%016x".formatted(i + 1L), ids(random, PROMPT), "train"));
    }
    JavaPairRDD<Long, Row> prompted =
        Rollouts.numbered(context.spark().createDataFrame(rows, PromptTokensTable.TABLE.schema()));
    String policy = model.toUri().toString();
    RolloutRequest request =
        new RolloutRequest(
            0, 1, 1, "bench", policy, policy, "", "", context.settings().ppo().generation(), 0);
    long begun = System.nanoTime();
    Rollouts.of(context, prompted, request, new RewardTerms(context, "")).toJavaRDD().count();
    return (System.nanoTime() - begun) / 1e9;
  }

  private long peak(SparkSession spark) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8)
        .map(any -> ProcessMemory.own().peak())
        .reduce(Math::max);
  }

  /**
   * {@code described} with random weights and a tokenizer, in {@code to}; itself if it has both.
   */
  static Path complete(Path described, Path to) throws IOException {
    if (Files.exists(described.resolve("tokenizer.json"))) {
      return described;
    }
    RandomModel.write(described, to);
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int i = 0; i < words(described); i++) {
      vocabulary.put("w" + i, i);
    }
    Map<String, Object> words = Map.of("type", "WordLevel", "vocab", vocabulary, "unk_token", "w0");
    Map<String, Object> tokenizer =
        Map.of(
            "version",
            "1.0",
            "model",
            words,
            "added_tokens",
            List.of(),
            "pre_tokenizer",
            Map.of("type", "Whitespace"));
    ObjectMapper json = new ObjectMapper();
    json.writeValue(to.resolve("tokenizer.json").toFile(), tokenizer);
    json.writeValue(
        to.resolve("tokenizer_config.json").toFile(),
        Map.of("eos_token", "w0", "bos_token", "w0", "unk_token", "w0"));
    return to;
  }

  static int words(Path model) throws IOException {
    return new ObjectMapper()
        .readTree(model.resolve("config.json").toFile())
        .get("vocab_size")
        .asInt();
  }
}
