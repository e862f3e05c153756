package org.plumbline.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.config.LoraSettings;
import org.plumbline.config.PpoSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.train.Dealing;
import org.plumbline.train.Evaluation;
import org.plumbline.train.Example;
import org.plumbline.train.LearningRate;
import org.plumbline.train.Placed;
import org.plumbline.train.Residence;
import org.plumbline.train.StagePlan;
import org.plumbline.train.TrainingPlan;
import org.plumbline.train.Update;
import org.plumbline.train.UpdateStage;

/** The update stage of each iteration: some epochs of mini-batches over its examples. */
final class PpoUpdates {
  private final StageContext context;
  private final PpoSettings settings;
  private final Map<String, Object> learnedFrom;
  private final Residence residence;

  /**
   * Updates within a run.
   *
   * @param learnedFrom what the reward model was trained on, as checkpoints will tell
   */
  PpoUpdates(StageContext context, Map<String, Object> learnedFrom) {
    this.context = context;
    this.learnedFrom = learnedFrom;
    this.settings = context.settings().ppo();
    Residence residence = Residence.begin(context.settings().cluster().resident());
    // Drawn beside updates, completions would hold what these are about to change.
    this.residence = settings.staleness() > 0 ? residence : residence.lending();
  }

  private int steps() {
    return settings.epochs() * (settings.batchSize() / settings.miniBatchSize());
  }

  /**
   * A model in training, iteration by iteration.
   *
   * @param name of the job, for people
   * @param checkpoints folder of its checkpoints
   */
  record Learner<E extends Example>(
      String name, String checkpoints, Lesson<E> lesson, double learningRate, LoraSettings lora) {
    /** Where it is after so many iterations. */
    String after(long iterations) {
      return CheckpointFolders.step(checkpoints, iterations);
    }
  }

  /**
   * Takes {@code iteration}'s steps from the model in {@code from} to the next checkpoint.
   *
   * @param klCoef weight of the KL, where it is a part of what completions earn
   * @param rate multiplies the learning rate
   * @param state what the checkpoint is to tell besides
   */
  <E extends Example> List<Update> run(
      Learner<E> learner,
      int iteration,
      String from,
      List<Row> rollouts,
      double klCoef,
      double rate,
      Map<String, Object> state) {
    List<E> batch = learner.lesson().of(rollouts, klCoef);
    Map<String, Object> told = new TreeMap<>(learnedFrom);
    told.putAll(state);
    TrainingPlan plan = plan(learner);
    StagePlan stage =
        new StagePlan(
            learner.name(),
            from,
            iteration == 0,
            learner.after(iteration + 1L),
            (long) settings.epochs() * batch.size(),
            context.settings().seed(),
            context.settings().cluster().threads(),
            context.settings().model(),
            LearningRate.of(
                learner.learningRate() * rate,
                settings.optimizer(),
                (long) settings.iterations() * steps()),
            plan,
            told,
            residence.ending(iteration + 1 == settings.iterations()),
            Evaluation.NONE);
    return UpdateStage.run(
        context,
        byRank(placed(iteration, batch, plan.microBatchSize())),
        stage,
        learner.lesson().objective());
  }

  private TrainingPlan plan(Learner<?> learner) {
    int mini = learner.lesson().count(settings.miniBatchSize());
    return new TrainingPlan(
        learner.learningRate(),
        mini,
        mini,
        settings.epochs(),
        steps(),
        settings.optimizer(),
        learner.lora());
  }

  /** Every epoch takes the examples in an order of its own. */
  private <E> List<Placed<E>> placed(int iteration, List<E> batch, int mini) {
    Random random = new Random(31L * context.settings().seed() + iteration);
    List<Placed<E>> placed = new ArrayList<>();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      List<E> shuffled = new ArrayList<>(batch);
      Collections.shuffle(shuffled, random);
      for (E example : shuffled) {
        int position = placed.size();
        placed.add(new Placed<>(position / mini, position, example));
      }
    }
    return placed;
  }

  private <E extends Example> JavaRDD<Placed<E>> byRank(List<Placed<E>> placed) {
    return new Dealing(context.settings().cluster())
        .toRanks(JavaSparkContext.fromSparkContext(context.spark().sparkContext()), placed);
  }
}
