package org.plumbline.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.plumbline.config.OptimizerSettings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;
import org.plumbline.table.DemonstrationTokensTable;
import org.plumbline.table.MetricsTable;
import org.plumbline.table.PairTokensTable;
import org.plumbline.table.PromptTokensTable;
import org.plumbline.table.PromptsTable;
import org.plumbline.table.RatingTokensTable;
import org.plumbline.table.Table;
import org.plumbline.table.UnpairedTokensTable;
import org.plumbline.train.Evaluation;
import org.plumbline.train.Example;
import org.plumbline.train.LearningRate;
import org.plumbline.train.Objective;
import org.plumbline.train.Placed;
import org.plumbline.train.Residence;
import org.plumbline.train.StagePlan;
import org.plumbline.train.TrainingPlan;
import org.plumbline.train.UpdateStage;

/** A run folder with tables of a few random token ids, and the settings of a run. */
public record TinyRun(StageContext context) {
  /** Preferred responses of {@link #pairs} begin with it, others do not have it. */
  public static final int LIKED = 40;

  /** A run in {@code folder} with the defaults but for {@code sets}, each a key=value. */
  public static TinyRun in(Path folder, String... sets) {
    return at(folder.toUri().toString(), sets);
  }

  /** The same in a folder anywhere. */
  public static TinyRun at(String uri, String... sets) {
    var spark = LocalSpark.session();
    return new TinyRun(
        new StageContext(
            spark,
            new RunFolder(uri, spark.sessionState().newHadoopConf()),
            SettingsReader.read(List.of(), List.of(sets)),
            Progress.silent()));
  }

  /** Writes {@code rows} as {@code table} of the run. */
  public TinyRun table(Table table, String relative, List<Row> rows) {
    table.write(context.spark().createDataFrame(rows, table.schema()), context.run().at(relative));
    return this;
  }

  /** So many training demonstrations of unlike lengths, and one that is held out. */
  public TinyRun demonstrations(int count) {
    SplittableRandom random = new SplittableRandom(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      rows.add(RowFactory.create("d" + i, prompt(random), response(random), split(i == count)));
    }
    return table(DemonstrationTokensTable.TABLE, "tokens/demonstrations", rows);
  }

  /** So many training pairs, and a quarter as many that are held out. */
  public TinyRun pairs(int count) {
    SplittableRandom random = new SplittableRandom(2);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count + count / 4; i++) {
      int[] chosen = response(random);
      chosen[0] = LIKED;
      rows.add(
          RowFactory.create(
              "p" + i,
              promptId(i),
              prompt(random),
              chosen,
              response(random),
              1.0,
              1.0,
              split(i >= count)));
    }
    return table(PairTokensTable.TABLE, "tokens/pairs", rows);
  }

  /**
   * So many training responses that were judged by themselves, every third acceptable, and a
   * quarter as many that are held out.
   */
  public TinyRun unpaired(int count) {
    SplittableRandom random = new SplittableRandom(4);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count + count / 4; i++) {
      boolean acceptable = i % 3 == 0;
      int[] response = response(random);
      response[0] = acceptable ? LIKED : response[0];
      rows.add(
          RowFactory.create(
              "u" + i,
              promptId(i),
              prompt(random),
              response,
              acceptable,
              1.0,
              1.0,
              split(i >= count)));
    }
    return table(UnpairedTokensTable.TABLE, "tokens/unpaired", rows);
  }

  /**
   * So many training responses that were rated, and a quarter as many that are held out: a third a
   * standard deviation above what is usual, which begin with {@link #LIKED}, the others half of one
   * below.
   */
  public TinyRun ratings(int count) {
    SplittableRandom random = new SplittableRandom(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count + count / 4; i++) {
      boolean high = i % 3 == 0;
      int[] response = response(random);
      response[0] = high ? LIKED : response[0];
      rows.add(
          RowFactory.create(
              "r" + i,
              promptId(i),
              prompt(random),
              response,
              high ? 1.0 : -0.5,
              i % 2 == 0 ? 1.0 : 0.5,
              split(i >= count)));
    }
    return table(RatingTokensTable.TABLE, "tokens/ratings", rows);
  }

  /** So many training prompts, and one that is held out. */
  public TinyRun prompts(int count) {
    SplittableRandom random = new SplittableRandom(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      rows.add(RowFactory.create(promptId(i), prompt(random), split(i == count)));
    }
    return table(PromptTokensTable.TABLE, "tokens/prompts", rows);
  }

  /** Texts and attributes of so many of {@link #prompts}: {@code answer} is the prompt's number. */
  public TinyRun promptTexts(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      rows.add(
          RowFactory.create(
              promptId(i),
              List.of(RowFactory.create("user", "question " + i)).toArray(Row[]::new),
              scala.collection.JavaConverters.mapAsScalaMap(Map.of("answer", "" + i)),
              split(i == count)));
    }
    return table(PromptsTable.TABLE, "prompts", rows);
  }

  /** A prompt's id, unlike the ids of others. */
  public static String promptId(int i) {
    return "%016x".formatted(0x9e3779b97f4a7c15L * (i + 1));
  }

  private static String split(boolean heldOut) {
    return heldOut ? "heldout" : "train";
  }

  private static int[] prompt(SplittableRandom random) {
    return random.ints(random.nextInt(3, 9), 2, LIKED).toArray();
  }

  private static int[] response(SplittableRandom random) {
    int[] ids = random.ints(random.nextInt(3, 11), 2, LIKED).toArray();
    ids[ids.length - 1] = TinyModel.END;
    return ids;
  }

  /** Values of {@code name} in a stage's metrics, by step. */
  public TreeMap<Long, Double> metric(String stage, String name) {
    TreeMap<Long, Double> values = new TreeMap<>();
    MetricsTable.TABLE
        .read(context.spark(), context.run().at(stage + "/metrics"))
        .where("name = '%s'".formatted(name))
        .collectAsList()
        .forEach(row -> values.put(row.getLong(1), row.getDouble(3)));
    return values;
  }

  /** Names of all of a stage's metrics. */
  public List<String> metrics(String stage) {
    return MetricsTable.TABLE
        .read(context.spark(), context.run().at(stage + "/metrics"))
        .select("name")
        .distinct()
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** Rows for an update stage of one rank, one step for each list. */
  public <E> JavaRDD<Placed<E>> steps(List<List<E>> steps) {
    List<Placed<E>> placed = new ArrayList<>();
    IntStream.range(0, steps.size())
        .forEach(
            step -> steps.get(step).forEach(e -> placed.add(new Placed<>(step, placed.size(), e))));
    return JavaSparkContext.fromSparkContext(context.spark().sparkContext()).parallelize(placed, 1);
  }

  /** What the first update from {@code model} finds of {@code examples}. */
  public <E extends Example> Map<String, Double> firstStep(
      TinyModel model, Objective<E> objective, List<E> examples, int microBatchSize) {
    OptimizerSettings optimizer = context.settings().ppo().optimizer();
    StagePlan plan =
        new StagePlan(
            "first",
            model.uri(),
            true,
            context.run().at("first/checkpoint/step-00000001"),
            examples.size(),
            0,
            1,
            context.settings().model(),
            LearningRate.of(1e-4, optimizer, 1),
            new TrainingPlan(
                1e-4,
                examples.size(),
                microBatchSize,
                1,
                1,
                optimizer,
                context.settings().ppo().lora()),
            Map.of(),
            Residence.NONE,
            Evaluation.NONE);
    return UpdateStage.run(context, steps(List.of(examples)), plan, objective).get(0).means();
  }
}
