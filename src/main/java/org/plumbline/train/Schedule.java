package org.plumbline.train;

/**
 * How updates on a table of rows are cut into epochs and stages.
 *
 * @param rows of the table
 * @param batchSize rows of one update
 * @param stepsPerStage updates of a stage at most
 * @param evalEvery updates between evaluations, at which a stage ends too; 0 for none
 * @param total updates in all
 */
record Schedule(long rows, int batchSize, int stepsPerStage, int evalEvery, long total) {
  static Schedule of(TrainingPlan plan, long rows, int evalEvery) {
    long perEpoch = (rows + plan.batchSize() - 1) / plan.batchSize();
    long total = Math.max(1, Math.round(perEpoch * plan.epochs()));
    return new Schedule(rows, plan.batchSize(), plan.stepsPerStage(), evalEvery, total);
  }

  private long perEpoch() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** The epoch of the update that follows {@code done} updates, from 0. */
  int epoch(long done) {
    return Math.toIntExact(done / perEpoch());
  }

  /** How many updates are done once that epoch ends, or training. */
  long epochEnd(long done) {
    return Math.min(total, (epoch(done) + 1) * perEpoch());
  }

  /** Updates of the stage that follows {@code done} updates. */
  int steps(long done) {
    long steps = Math.min(stepsPerStage, epochEnd(done) - done);
    return (int) (evalEvery == 0 ? steps : Math.min(steps, evalEvery - done % evalEvery));
  }

  /** The place in its epoch of the first row of the update that follows {@code done} updates. */
  long firstRow(long done) {
    return done % perEpoch() * batchSize;
  }

  /** Rows of the stage that follows {@code done} updates. */
  long stageRows(long done) {
    long first = firstRow(done);
    return Math.min(first + (long) steps(done) * batchSize, rows) - first;
  }

  /** Whether to evaluate after {@code done} updates. */
  boolean evaluates(long done) {
    return evalEvery > 0 && (done % evalEvery == 0 || done == total);
  }
}
