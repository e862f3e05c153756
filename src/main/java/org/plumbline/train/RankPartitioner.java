package org.plumbline.train;

import org.apache.spark.Partitioner;

/** Sends each row to the rank that is its key. */
public final class RankPartitioner extends Partitioner {
  private final int ranks;

  /** For so many ranks. */
  public RankPartitioner(int ranks) {
    this.ranks = ranks;
  }

  @Override
  public int numPartitions() {
    return ranks;
  }

  @Override
  public int getPartition(Object rank) {
    return (Integer) rank;
  }
}
