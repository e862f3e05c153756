package org.plumbline;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.yarn.api.ApplicationConstants;
import org.apache.hadoop.yarn.api.records.ApplicationAttemptId;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.plumbline.stage.RunFolder;

/**
 * Which start of the driver this is, where YARN runs it: YARN starts it anew when its machine is
 * lost.
 *
 * @param application YARN's name of it, which is Spark's too
 * @param number 1 for the first
 */
record YarnAttempt(String application, int number) {
  /** What {@code environment} says of a driver in a container of YARN's. */
  static YarnAttempt of(Map<String, String> environment) {
    ApplicationAttemptId attempt =
        ContainerId.fromString(environment.get(ApplicationConstants.Environment.CONTAINER_ID.key()))
            .getApplicationAttemptId();
    return new YarnAttempt(attempt.getApplicationId().toString(), attempt.getAttemptId());
  }

  /** The attempt that this JVM is; none where the driver is not YARN's. */
  static Optional<YarnAttempt> current() {
    return CommandSpark.yarnRunsTheDriver() ? Optional.of(of(System.getenv())) : Optional.empty();
  }

  /** Whether an attempt before this one began what is in {@code run}. */
  boolean goesOnIn(RunFolder run) {
    return number > 1 && RunResult.of(run).isOf(application);
  }
}
