package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  /** Updates done after each stage. */
  private static List<Long> ends(Schedule schedule) {
    List<Long> ends = new ArrayList<>();
    for (long done = 0; done < schedule.total(); ) {
      done += schedule.steps(done);
      ends.add(done);
    }
    return ends;
  }

  @Test
  void stagesEndWithEpochsAndAtEvaluations() {
    // seven updates an epoch, the last of one row
    assertThat(ends(new Schedule(13, 2, 5, 0, 17))).containsExactly(5L, 7L, 12L, 14L, 17L);
    Schedule evaluated = new Schedule(13, 2, 5, 4, 17);
    assertThat(ends(evaluated)).containsExactly(4L, 7L, 8L, 12L, 14L, 16L, 17L);
    assertThat(ends(evaluated).stream().filter(evaluated::evaluates))
        .containsExactly(4L, 8L, 12L, 16L, 17L);
  }

  @Test
  void everyRowOfAnEpochIsInOneStage() {
    Schedule schedule = new Schedule(13, 2, 5, 4, 14);
    assertThat(schedule.stageRows(0)).isEqualTo(8);
    assertThat(schedule.firstRow(4)).isEqualTo(8);
    assertThat(schedule.stageRows(4)).isEqualTo(5);
    assertThat(schedule.firstRow(7)).isZero();
    assertThat(schedule.stageRows(7)).isEqualTo(2);
    assertThat(schedule.epoch(7)).isEqualTo(1);
  }
}
