package org.plumbline.cluster;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockManagerId;

/**
 * One rank's place in one attempt.
 *
 * @param host the name by which the other ranks reach this one
 * @param bind the address to listen at
 */
record Seat(int rank, int attempt, String host, String bind) {

  /** The place of the running Spark task, which listens where Spark itself does. */
  static Seat ofTask(TaskContext task) {
    SparkEnv spark = SparkEnv.get();
    BlockManagerId self = spark.blockManager().blockManagerId();
    String host = self.host();
    String bind = self.isDriver() ? driverBind(spark.conf(), host) : host;
    return new Seat(task.partitionId(), task.stageAttemptNumber(), host, bind);
  }

  static String driverBind(SparkConf conf, String host) {
    return conf.get("spark.driver.bindAddress", host);
  }
}
