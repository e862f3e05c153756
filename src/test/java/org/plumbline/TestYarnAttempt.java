package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.RunFolder;

class TestYarnAttempt {
  private static final String MINE = "application_1410901177871_0001";

  @TempDir Path folder;

  @Test
  void itGoesOnWithWhatAnEarlierAttemptBeganAndWithNothingElse() {
    RunFolder run = new RunFolder(folder.toString(), new Configuration());
    assertThat(attempt(2).goesOnIn(run)).isFalse();
    begun(run, "application_1410901177871_0002");
    assertThat(attempt(2).goesOnIn(run)).isFalse();
    begun(run, MINE);
    assertThat(attempt(1).goesOnIn(run)).isFalse();
    assertThat(attempt(2).goesOnIn(run)).isTrue();
    assertThat(attempt(11).goesOnIn(run)).isTrue();
  }

  private static YarnAttempt attempt(int number) {
    String container = "container_e17_1410901177871_0001_%02d_000001".formatted(number);
    YarnAttempt attempt = YarnAttempt.of(Map.of("CONTAINER_ID", container));
    assertThat(attempt).isEqualTo(new YarnAttempt(MINE, number));
    return attempt;
  }

  private static void begun(RunFolder run, String application) {
    RunResult result = RunResult.of(run);
    result.workedOnBy(application);
    result.save(run);
  }
}
