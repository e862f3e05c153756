package org.plumbline.policy;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.rollout.Rollouts;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.stage.TaskTimes;
import org.plumbline.table.MetricsTable;
import org.plumbline.train.MetricsLog;
import org.plumbline.train.ResumePoint;
import org.plumbline.train.TrainedModel;
import org.plumbline.train.Update;

/**
 * One run of the loop: from its beginning, or from the last checkpoint of a run that was
 * interrupted, to its end.
 */
final class PolicyCourse implements AutoCloseable {
  private static final String NAME = PolicyStage.NAME;

  /** What its checkpoints keep, so that a resumed run goes on as if it had never stopped. */
  private static final String FIGURES = "figures";

  private static final String NEXT_KL_COEF = "next_kl_coef";
  private static final String BATCHES = "batches";

  private final StageContext context;
  private final PpoSettings settings;
  private final Learners learners;
  private final Worth worth;
  private final KlWeight klWeight;
  private final Control control;
  private final Notices notices;
  private final MetricsLog metrics;
  private final MetricsLog times;
  private final BatchRollouts batches;
  private final Ahead ahead;
  private Control.Verdict verdict = Control.Verdict.GO_ON;
  private Map<String, Double> figures = Map.of();
  private long done;
  private long dealt;
  private long timed;

  PolicyCourse(StageContext context, String start, String reward) throws IOException {
    this.context = context;
    this.settings = context.settings().ppo();
    this.learners = new Learners(context, start, reward);
    this.worth = new Worth(settings);
    this.klWeight = KlWeight.of(settings);
    this.control = new Control(settings);
    this.notices = new Notices(control);
    ResumePoint point = learners.begin();
    TrainedModel.forget(context.run(), NAME);
    this.done = point.step();
    this.metrics = new MetricsLog(context, NAME, done - 1);
    this.times = new MetricsLog(context, NAME, "times", done);
    if (done > 0) {
      resume(point);
    }
    this.dealt = point.state().path(BATCHES).asLong();
    this.batches = new BatchRollouts(context, start, reward, done, dealt);
    this.ahead = new Ahead(context, batches, worth::score);
  }

  private void resume(ResumePoint point) throws IOException {
    figures = point.figures(FIGURES);
    klWeight.resume(figures.remove(NEXT_KL_COEF));
    figures.putAll(Figures.ofUpdates(learners.learned(point)));
    metrics.add(List.of(new Update(done, figures)));
    MetricsTable.bySteps(
            MetricsTable.TABLE
                .read(context.spark(), context.run().at(NAME + "/metrics"))
                .where(col("step").leq(done)))
        .forEach((step, each) -> verdict = control.after(step, each));
    follow();
  }

  PolicyStage.Result run() throws IOException {
    time(); // what was before the first iteration is no part of it
    try (Progress.Bar bar = context.progress().begin(NAME, settings.iterations())) {
      while (done < settings.iterations() && verdict.action() != Control.Action.STOP) {
        iterate((int) done);
        done++;
        IterationTime time = time();
        times.add(List.of(new Update(done, time.figures())));
        bar.at(
            done,
            "score %.2f, kl %.2f; %s".formatted(figures.get("score"), figures.get("kl"), time));
        for (String notice : notices.after(figures, verdict)) {
          context.progress().say("%s, iteration %d: %s".formatted(NAME, done, notice));
        }
        follow();
      }
    }
    if (ahead.stop()) {
      batches.keepBefore(done); // nothing will be learned from what was drawn for later
    }
    return new PolicyStage.Result(
        chosen(),
        done,
        dealt * settings.batchSize(),
        figures.get("score"),
        figures.get("kl"),
        verdict.action() == Control.Action.STOP ? verdict.reason() : "");
  }

  private void iterate(int iteration) throws IOException {
    // 1. roll out: complete a batch of prompts, score completions, ask the reference
    boolean stale = settings.staleness() > 0;
    BatchRollouts.Batch batch =
        ahead.take(
            iteration, stale ? learners.version(Math.max(0, iteration - 1)) : learners.version());
    List<Row> rollouts = batch.completions();
    dealt = batch.dealt();
    double klCoef = klWeight.now();
    figures = Figures.ofRollouts(rollouts, klCoef, settings.control().gold());
    figures.putAll(
        Figures.ofGroups(Groups.of(rollouts, settings.samplesPerPrompt()), worth::score));
    klWeight.steer(figures.get("kl"), rollouts.size());
    if (stale && iteration + 1 < settings.iterations()) {
      ahead.begin(iteration + 1, learners.version());
    }
    // 2. what they earned makes examples, which update the policy and its critic over the ranks
    Map<String, Double> kept = new TreeMap<>(figures);
    kept.put(NEXT_KL_COEF, klWeight.now());
    Map<String, Object> state = Map.of(FIGURES, kept, BATCHES, dealt);
    figures.putAll(
        Figures.ofUpdates(
            learners.learn(iteration, rollouts, klCoef, control.rate(), control.best(), state)));
    // 3. tell
    metrics.add(List.of(new Update(iteration + 1L, figures)));
    verdict = control.after(iteration + 1L, figures);
  }

  /** Where the time since this was asked last went. */
  private IterationTime time() {
    long since = timed;
    timed = System.nanoTime();
    TaskTimes tasks = context.times();
    int rolling =
        Rollouts.sideBySide(context, settings.batchSize(), settings.generation().batchSize());
    return new IterationTime(
        (timed - since) / 1e9,
        tasks.of(TaskTimes.Work.GENERATE).take() / rolling,
        tasks.of(TaskTimes.Work.SCORE).take() / rolling,
        tasks.of(TaskTimes.Work.UPDATE).take() / context.settings().cluster().ranks());
  }

  private void follow() {
    if (verdict.action() == Control.Action.ROLL_BACK) {
      learners.rollBack(control.version());
    }
  }

  /** What comes out: the best policy by gold, if there is such a thing; else the last. */
  private String chosen() {
    if (settings.control().gold().isEmpty() || control.best() == 0) {
      return learners.policy();
    }
    TrainedModel.choose(
        context.run(), NAME, Map.of("step", control.best(), Control.GOLD, control.worth()));
    learners.rollBack(control.best());
    return learners.policy();
  }

  @Override
  public void close() {
    ahead.close();
    batches.close();
  }
}
