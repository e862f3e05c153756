package org.plumbline.config;

import java.io.Serializable;

/** What Spark is to give a kind of work; nothing is asked for that is 0 or empty. */
public record ResourceSettings(
    @Setting(
            value = "0",
            min = 0,
            max = 1,
            doc =
                "GPUs of each task; up to 0.5 several share one; 0: what spark.task.resource.gpu.amount says")
        double gpu,
    @Setting(value = "0", min = 0, doc = "cores of each task; 0: as spark.task.cpus says") int cpus,
    @Setting(
            value = "0",
            min = 0,
            doc =
                "cores of each executor; 0: as spark.executor.cores says; like the next two, it means"
                    + " executors for this work alone, which only dynamic allocation gives")
        int executorCores,
    @Setting(value = "", doc = "heap of each executor, such as 4g; empty: as Spark is configured")
        String executorMemory,
    @Setting(
            value = "",
            doc = "memory of each executor beside its heap, where models are; empty: as configured")
        String executorMemoryOverhead)
    implements Serializable {
  /** Whether executors are wanted that other work does not have. */
  public boolean ownExecutors() {
    return executorCores > 0 || !executorMemory.isEmpty() || !executorMemoryOverhead.isEmpty();
  }

  /** Whether anything is asked for. */
  public boolean any() {
    return gpu > 0 || cpus > 0 || ownExecutors();
  }
}
