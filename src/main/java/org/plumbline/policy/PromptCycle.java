package org.plumbline.policy;

import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.plumbline.config.PpoSettings;
import org.plumbline.stage.StageContext;
import org.plumbline.train.EpochOrder;

/** Deals prompts in batches, epoch after epoch, each epoch in its own order. */
final class PromptCycle implements AutoCloseable {
  private final Dataset<Row> prompts;
  private final long seed;
  private final int batchSize;
  private final long perEpoch;
  private long dealt;
  private int epoch;
  private EpochOrder order;

  /** Deals on after {@code dealt} batches. */
  PromptCycle(StageContext context, Dataset<Row> prompts, long dealt) {
    PpoSettings settings = context.settings().ppo();
    this.prompts = prompts.cache();
    this.seed = context.settings().seed();
    this.batchSize = settings.batchSize() / settings.samplesPerPrompt();
    this.perEpoch = this.prompts.count() / batchSize;
    if (perEpoch == 0) {
      throw new IllegalArgumentException(
          "Invalid ppo.batch-size: %d (must be at most the %d training prompts times %d)"
              .formatted(settings.batchSize(), this.prompts.count(), settings.samplesPerPrompt()));
    }
    this.dealt = dealt;
    this.epoch = (int) (dealt / perEpoch);
    this.order = new EpochOrder(this.prompts, "prompt_id", seed, epoch);
  }

  /** The prompts of the next batch, with positions from 0. */
  JavaPairRDD<Long, Row> next() {
    int wanted = (int) (dealt / perEpoch);
    if (wanted != epoch) {
      order.close();
      order = new EpochOrder(prompts, "prompt_id", seed, wanted);
      epoch = wanted;
    }
    long from = dealt % perEpoch * batchSize;
    dealt++;
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
