package org.plumbline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.cluster.Errands;
import org.plumbline.config.EvalSettings;
import org.plumbline.config.Settings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;

/**
 * One run of a training on rows: from its beginning, or from the last checkpoint of a run that was
 * interrupted, to its end.
 */
final class RowCourse<E extends Example> {
  private static final int CHECKPOINTS = 2;

  private final StageContext context;
  private final RowTraining.Work<E> work;
  private final Schedule schedule;
  private final EvalSettings eval;
  private final Dataset<Row> rows;
  private final String key;
  private final String checkpoints;
  private EpochOrder heldOut; // null if nothing is evaluated
  private long heldOutRows;
  private Map<String, Object> training;
  private Map<String, Object> state;
  private Residence residence;
  private MetricsLog metrics;
  private Writings writings; // null if checkpoints are written before the next stage
  private boolean repeats; // what a lost checkpoint had, which is now written before going on
  private String start;
  private String from;
  private long done;
  private Map<String, Double> last;
  private Best best;

  RowCourse(
      StageContext context,
      RowTraining.Work<E> work,
      Schedule schedule,
      EvalSettings eval,
      Dataset<Row> rows,
      String key) {
    this.context = context;
    this.work = work;
    this.schedule = schedule;
    this.eval = eval;
    this.rows = rows;
    this.key = key;
    this.checkpoints = TrainedModel.checkpoints(context.run(), work.name());
  }

  /** The same, evaluated on so many rows of {@code order}. */
  RowCourse<E> evaluating(EpochOrder order, long count) {
    heldOut = order;
    heldOutRows = count;
    return this;
  }

  /**
   * Trains the model in {@code start}.
   *
   * @param facts that checkpoints are to tell of themselves
   */
  RowTraining.Outcome run(String start, Map<String, Object> facts) throws IOException {
    begin(start, facts);
    try (Progress.Bar bar = context.progress().begin(work.name(), schedule.total());
        Writings all = context.settings().cluster().asyncCheckpoints() ? writings() : null) {
      writings = all;
      while (!isDone(bar)) {
        repeats = true;
      }
    }
    return outcome();
  }

  private Writings writings() {
    return new Writings(context, from);
  }

  /** Trains to the end; or goes back, where a checkpoint in the making was lost on the way. */
  private boolean isDone(Progress.Bar bar) throws IOException {
    try {
      while (done < schedule.total() && !over()) {
        epoch(bar);
      }
      if (writings != null) {
        writings.await();
        keepLast();
      }
      return true;
    } catch (Errands.LostException e) {
      goOn(
          ResumePoint.at(
              Checkpoint.latest(checkpoints, context.run().configuration()),
              training,
              context.run().configuration()));
      context
          .progress()
          .say(
              "%s: a checkpoint was lost, going on after %d updates: %s"
                  .formatted(work.name(), done, e.getMessage()));
      return false;
    }
  }

  private void begin(String start, Map<String, Object> facts) throws IOException {
    Settings settings = context.settings();
    training =
        ResumePoint.training(
            settings.cluster(),
            Map.of(
                "start",
                context.run().within(start),
                "rows",
                schedule.rows(),
                "seed",
                settings.seed(),
                "steps",
                schedule.total()));
    ResumePoint point = ResumePoint.of(context, checkpoints, training);
    TrainedModel.forget(context.run(), work.name());
    this.start = start;
    state = new TreeMap<>(facts);
    state.putAll(ResumePoint.state(training));
    goOn(point);
  }

  private void goOn(ResumePoint point) {
    List<Update> resumed = point.updates();
    metrics = new MetricsLog(context, work.name(), point.step() - resumed.size());
    metrics.add(resumed);
    residence = Residence.begin(context.settings().cluster().resident());
    from = point.checkpoint().orElse(start);
    done = point.step();
    last = resumed.isEmpty() ? Map.of() : RowTraining.last(resumed);
    best = point.best();
  }

  private void epoch(Progress.Bar bar) throws IOException {
    int epoch = schedule.epoch(done);
    long end = schedule.epochEnd(done);
    try (EpochOrder order = new EpochOrder(rows, key, context.settings().seed(), epoch)) {
      while (done < end && !over()) {
        StagePlan stage = stage();
        List<Update> updates = updates(order, stage);
        if (updates.isEmpty()) {
          writings.await(); // the stage starts from what is in the making
          continue;
        }
        metrics.add(updates);
        from = stage.to();
        done += stage.steps();
        last = RowTraining.last(updates);
        best = stage.evaluation().after(updates);
        keepLast();
        bar.at(done, note());
      }
    }
  }

  private void keepLast() throws IOException {
    Checkpoint.keepLast(checkpoints, CHECKPOINTS, best.step(), context.run().configuration());
  }

  private List<Update> updates(EpochOrder order, StagePlan stage) throws IOException {
    Aside aside = writings == null || repeats ? null : writings.next(from);
    repeats = false;
    List<Update> updates =
        UpdateStage.run(context, placed(order, stage), stage, work.objective(), aside);
    if (writings != null && aside == null) {
      writings.passed(stage.to());
    } else if (aside != null && !updates.isEmpty()) {
      writings.add(stage, aside.errand(), updates);
    }
    return updates;
  }

  private StagePlan stage() {
    Settings settings = context.settings();
    long end = done + schedule.steps(done);
    return new StagePlan(
        work.name(),
        from,
        done == 0,
        CheckpointFolders.step(checkpoints, end),
        schedule.stageRows(done),
        settings.seed(),
        settings.cluster().threads(),
        settings.model(),
        LearningRate.of(work.plan().learningRate(), work.plan().optimizer(), schedule.total()),
        work.plan(),
        state,
        residence.ending(end == schedule.total()),
        evaluation(schedule.evaluates(end) ? heldOutRows : 0));
  }

  private Evaluation evaluation(long count) {
    return heldOut == null ? Evaluation.NONE : Evaluation.of(eval, count, best);
  }

  /** The rows of each rank for the stage: those of its steps, and those to evaluate. */
  private JavaRDD<Placed<E>> placed(EpochOrder order, StagePlan stage) {
    int ranks = context.settings().cluster().ranks();
    int batch = work.plan().batchSize();
    long begin = schedule.firstRow(done);
    RowTraining.Reader<E> read = work.reader();
    JavaRDD<Placed<E>> steps =
        new Dealing(context.settings().cluster())
            .toRanks(
                order
                    .slice(begin, begin + stage.rows())
                    .map(
                        row ->
                            new Placed<>(
                                (int) ((row._1 - begin) / batch), row._1, read.apply(row._2))));
    if (stage.evaluation().rows() == 0) {
      return steps;
    }
    int after = stage.steps();
    JavaRDD<Placed<E>> evaluated =
        heldOut.inTurn(ranks).map(row -> new Placed<>(after, row._1, read.apply(row._2)));
    return steps.zipPartitions(evaluated, RowCourse::chained);
  }

  private static <T> Iterator<T> chained(Iterator<T> first, Iterator<T> second) {
    List<T> all = new ArrayList<>();
    first.forEachRemaining(all::add);
    second.forEachRemaining(all::add);
    return all.iterator();
  }

  private boolean over() {
    return evaluation(0).over();
  }

  private String note() {
    List<String> figures = new ArrayList<>();
    for (String name : List.of(Update.LOSS, Best.PREFIX + eval.metric())) {
      if (last.containsKey(name)) {
        figures.add("%s %.4f".formatted(name, last.get(name)));
      }
    }
    return String.join(", ", figures);
  }

  private RowTraining.Outcome outcome() {
    if (best.step() == 0) {
      return new RowTraining.Outcome(from, done, last, Map.of());
    }
    TrainedModel.choose(context.run(), work.name(), best);
    context
        .progress()
        .say(
            "%s: the best %s%s is that after %d updates of %d"
                .formatted(work.name(), Best.PREFIX, eval.metric(), best.step(), done));
    return new RowTraining.Outcome(
        CheckpointFolders.step(checkpoints, best.step()), done, last, best.figures());
  }
}
