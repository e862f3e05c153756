package org.plumbline.policy;

import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.stage.StageContext;
import org.plumbline.train.EpochOrder;

/** Deals prompts in batches, epoch after epoch, each epoch in its own order. */
final class PromptCycle implements AutoCloseable {
  private final Dataset<Row> prompts;
  private final long seed;
  private final int batchSize;
  private final long perEpoch;
  private int epoch;
  private EpochOrder order;

  PromptCycle(StageContext context, Dataset<Row> prompts, int batchSize) {
    this.prompts = prompts.cache();
    this.seed = context.settings().seed();
    this.batchSize = batchSize;
    this.perEpoch = this.prompts.count() / batchSize;
    if (perEpoch == 0) {
      throw new IllegalArgumentException(
          "Invalid ppo.batch-size: %d (must be at most the %d training prompts)"
              .formatted(batchSize, this.prompts.count()));
    }
    this.order = new EpochOrder(this.prompts, "prompt_id", seed, 0);
  }

  /** The prompts of {@code iteration}, with positions from 0. */
  JavaPairRDD<Long, Row> next(int iteration) {
    int wanted = (int) (iteration / perEpoch);
    if (wanted != epoch) {
      order.close();
      order = new EpochOrder(prompts, "prompt_id", seed, wanted);
      epoch = wanted;
    }
    long from = iteration % perEpoch * batchSize;
    return order
        .slice(from, from + batchSize)
        .mapToPair(row -> new scala.Tuple2<>(row._1 - from, row._2));
  }

  @Override
  public void close() {
    order.close();
    prompts.unpersist();
  }
}
