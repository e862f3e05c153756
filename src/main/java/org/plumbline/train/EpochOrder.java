package org.plumbline.train;

import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The order of one epoch: a permutation of the rows that depends on the seed, the epoch and the
 * rows' keys alone, so that any number of ranks sees the same batches.
 */
public final class EpochOrder implements AutoCloseable {
  private final JavaPairRDD<Long, Row> order;

  /** Orders {@code rows}, told apart by {@code key}, for {@code epoch}. */
  public EpochOrder(Dataset<Row> rows, String key, long seed, int epoch) {
    Column draw = functions.xxhash64(functions.lit(seed), functions.lit(epoch), functions.col(key));
    JavaRDD<Row> sorted = rows.orderBy(draw, functions.col(key)).javaRDD();
    order =
        sorted
            .zipWithIndex()
            .mapToPair(indexed -> new Tuple2<>(indexed._2, indexed._1))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Rows of the epoch. */
  long count() {
    return order.count();
  }

  /** Rows {@code from} to {@code to} of the epoch with their positions. */
  public JavaPairRDD<Long, Row> slice(long from, long to) {
    return order.filter(row -> row._1 >= from && row._1 < to);
  }

  /** All rows with their positions, dealt to the ranks in turn: one partition a rank. */
  JavaRDD<Tuple2<Long, Row>> inTurn(int ranks) {
    return order
        .mapToPair(row -> new Tuple2<>((int) (row._1 % ranks), row))
        .partitionBy(new RankPartitioner(ranks))
        .values();
  }

  @Override
  public void close() {
    order.unpersist();
  }
}
