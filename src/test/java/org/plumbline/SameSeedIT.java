package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.testing.Jobs;
import org.plumbline.testing.LocalSpark;

/** The same seed gives the same run, to the last bit, in another process. */
@Tag("slow")
class SameSeedIT {
  private static final String[] SMALL = {
    "--set=quickstart.prompts=200",
    "--set=quickstart.demonstrations=600",
    "--set=sft.epochs=2",
    "--set=reward.epochs=0.3",
    "--set=ppo.iterations=2",
    "--set=dpo.epochs=0.3",
    "--set=evaluate.prompts=16",
    "--skip=report"
  };

  @TempDir Path folder;

  @Test
  void twiceTheSame() throws IOException, InterruptedException {
    // at the same time, so that they also take turns with each other in ways of their own
    Process one = start("first");
    Process other = start("second");
    JsonNode first;
    JsonNode second;
    try {
      first = result("first", one);
      second = result("second", other);
    } finally {
      List.of(one, other).forEach(Process::destroy); // if one failed, the other is of no use
    }

    assertThat(second).isEqualTo(first);
    for (String policy : List.of("start", "ppo", "dpo")) {
      List<String> completions = rows("first", "evaluate/rollouts/" + policy);
      assertThat(completions).hasSize(32);
      assertThat(rows("second", "evaluate/rollouts/" + policy)).isEqualTo(completions);
    }
    assertThat(rows("second", "ppo/rollouts")).isEqualTo(rows("first", "ppo/rollouts"));
    for (String stage : List.of("sft", "reward", "ppo", "dpo")) {
      assertThat(rows("second", stage + "/metrics")).isEqualTo(rows("first", stage + "/metrics"));
    }
  }

  private Process start(String name) throws IOException {
    String[] arguments = new String[SMALL.length + 1];
    arguments[0] = "--run=" + folder.resolve(name);
    System.arraycopy(SMALL, 0, arguments, 1, SMALL.length);
    return Jobs.start("quickstart.sh", arguments);
  }

  private JsonNode result(String name, Process run) throws IOException, InterruptedException {
    assertThat(run.waitFor()).isZero();
    ObjectNode result = (ObjectNode) Jobs.json(folder.resolve(name).resolve("result.json"));
    result.remove(List.of("seconds", "application"));
    return result;
  }

  /** All rows but their times, in an order of their own. */
  private List<String> rows(String run, String table) {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve(run).resolve(table).toUri().toString())
        .drop("time")
        .toJSON()
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }
}
