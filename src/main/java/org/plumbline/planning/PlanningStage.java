package org.plumbline.planning;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.plumbline.config.PlanSettings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.table.AnnotatorsTable;
import org.plumbline.table.AssignmentsTable;

/**
 * Plans what to ask people next: how many judgments a pair takes, given how reliable annotators
 * were found to be; which pairs; and whom.
 */
public final class PlanningStage {
  private static final int SHOWN = 15;

  private final StageContext context;
  private final PlanSettings settings;

  /** Reads the votes, pairs, annotators and feedback of {@code context.run()}. */
  public PlanningStage(StageContext context) {
    this.context = context;
    this.settings = context.settings().plan();
  }

  /**
   * After n judgments of a pair that nobody has judged yet.
   *
   * @param weighted how often the more probable side is right, if votes count by reliability
   * @param majority the same if votes are counted
   */
  public record Expected(int judgments, double weighted, double majority) {}

  /**
   * What to do.
   *
   * @param judgmentsForCertainty judgments that a new pair takes to reach {@code plan.certainty}
   * @param expected certainty by judgments
   * @param meanReliability of those who are asked
   * @param tasks judgments asked for
   * @param pairs pairs asked about
   * @param goldTasks tasks among them whose answer is known
   * @param annotators tasks of each annotator
   * @param notAsked annotators who are flagged or not reliable enough
   * @param batch file with the tasks
   */
  public record Result(
      int judgmentsForCertainty,
      List<Expected> expected,
      double meanReliability,
      long tasks,
      long pairs,
      long goldTasks,
      Map<String, Integer> annotators,
      List<String> notAsked,
      String batch) {}

  /**
   * Writes {@code plan/assignments} and the batch's files.
   *
   * @throws IllegalArgumentException if there is nobody to ask
   */
  public Result execute() {
    try (Progress.Bar bar = context.progress().begin("plan", 3)) {
      // 1. how many judgments it takes
      step(bar, 0, "annotators");
      List<String> notAsked = new ArrayList<>();
      List<Roster.Person> people = people(notAsked);
      Pool pool = pool(people, notAsked);
      Certainty certainty = new Certainty(pool);
      // 2. which pairs, and whom
      step(bar, 1, "pairs");
      Candidates candidates = new Candidates(context, settings);
      Roster roster = new Roster(people);
      List<Task> tasks =
          Batch.of(
              settings,
              candidates.open(settings.judgments()),
              candidates.gold(settings.judgments()),
              certainty,
              roster,
              context.settings().seed());
      // 3. the batch
      step(bar, 2, "batch");
      write(tasks);
      step(bar, 3, tasks.size() + " judgments to ask for");
      return result(certainty, pool, tasks, roster, notAsked);
    }
  }

  /**
   * Those who are asked. Where nobody is named, anybody is, who is taken to be as curation takes
   * somebody unknown.
   */
  private Pool pool(List<Roster.Person> people, List<String> notAsked) {
    return people.isEmpty() && notAsked.isEmpty()
        ? Pool.of(List.of(context.settings().curate().annotatorAccuracy()))
        : Pool.of(people.stream().map(Roster.Person::reliability).toList());
  }

  /** Whom to ask, in an order drawn from the seed. */
  private List<Roster.Person> people(List<String> notAsked) {
    List<Roster.Person> people = new ArrayList<>();
    for (Row row :
        AnnotatorsTable.TABLE
            .read(context.spark(), context.run().at("annotators"))
            .orderBy(col("annotator"))
            .collectAsList()) {
      double reliability = row.<Double>getAs("reliability");
      if (row.getList(row.fieldIndex("flags")).isEmpty()
          && reliability >= settings.minReliability()) {
        people.add(
            new Roster.Person(
                row.getAs("annotator"),
                Optional.ofNullable(row.getAs("annotator_group")),
                reliability));
      } else {
        notAsked.add(row.getAs("annotator"));
      }
    }
    Collections.shuffle(people, new Random(context.settings().seed()));
    return people;
  }

  private void write(List<Task> tasks) {
    AssignmentsTable.TABLE.write(
        context
            .spark()
            .createDataFrame(
                tasks.stream().map(Task::row).toList(), AssignmentsTable.TABLE.schema()),
        context.run().at("plan/assignments"));
    new BatchFiles(context.run(), Texts.of(context, tasks)).write(tasks, "plan");
  }

  private Result result(
      Certainty certainty, Pool pool, List<Task> tasks, Roster roster, List<String> notAsked) {
    List<Expected> expected = new ArrayList<>();
    for (int n = 1; n <= SHOWN; n++) {
      expected.add(new Expected(n, certainty.after(n, 0), certainty.majority(n)));
    }
    return new Result(
        certainty.needed(settings.certainty(), 0),
        expected,
        pool.meanAccuracy(),
        tasks.size(),
        tasks.stream().map(task -> task.pair().pairId()).distinct().count(),
        tasks.stream().filter(Task::gold).count(),
        new TreeMap<>(roster.tasks()),
        notAsked,
        context.run().at("plan/batch.jsonl"));
  }

  private void step(Progress.Bar bar, int done, String what) {
    context.spark().sparkContext().setJobDescription("plan: " + what);
    bar.at(done, what);
  }
}
