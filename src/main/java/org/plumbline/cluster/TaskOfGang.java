package org.plumbline.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/** Runs one rank within a Spark task; gives its number and all that it returned. */
record TaskOfGang<I, O>(Ticket ticket, GangTask<I, O> task)
    implements FlatMapFunction<Iterator<I>, Tuple2<Integer, ArrayList<O>>> {

  static int stageAttempt() {
    return TaskContext.get().stageAttemptNumber();
  }

  @Override
  public Iterator<Tuple2<Integer, ArrayList<O>>> call(Iterator<I> rows) throws Exception {
    TaskContext context = TaskContext.get();
    try (RingGang gang = RingGang.join(ticket, Seat.ofTask(context), context::isInterrupted)) {
      return List.of(new Tuple2<>(gang.rank(), results(gang, rows))).iterator();
    }
  }

  private ArrayList<O> results(RingGang gang, Iterator<I> rows) throws Exception {
    try {
      ArrayList<O> results = new ArrayList<>();
      // Drained here: an iterator may still sum over the gang while it is read.
      task.call(gang, rows).forEachRemaining(results::add);
      return results;
    } catch (Exception | Error e) {
      gang.abort(e); // before the gang is closed, which the others would take for a normal end
      throw e;
    }
  }
}
