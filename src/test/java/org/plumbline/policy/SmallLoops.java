package org.plumbline.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Head;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.TinyModel;
import org.plumbline.testing.TinyRun;

/** Loops of a few iterations of four completions, by a tiny model. */
abstract class SmallLoops {
  private static final List<String> SMALL =
      List.of(
          "ppo.iterations=3",
          "ppo.batch-size=4",
          "ppo.mini-batch-size=2",
          "ppo.epochs=2",
          "ppo.learning-rate=0.003",
          "ppo.generation.max-new-tokens=8");

  @TempDir Path folder;
  TinyModel start;
  TinyModel reward;

  @BeforeEach
  void writeModels() {
    start = TinyModel.write(folder.resolve("start"), 1);
    reward = TinyModel.write(folder.resolve("reward"), 2, Head.SCORE);
  }

  /** Nine prompts, and {@code more} settings. */
  TinyRun run(String name, String... more) {
    return small(name, List.of(), more);
  }

  static List<Row> rollouts(TinyRun run) {
    return RolloutsTable.TABLE
        .read(run.context().spark(), run.context().run().at("ppo/rollouts"))
        .orderBy("iteration", "prompt_id", "sample")
        .collectAsList();
  }

  TinyRun separate(String name, String... more) {
    return small(name, List.of("ppo.critic=separate", "ppo.critic-learning-rate=0.01"), more);
  }

  TinyRun grouped(String name, String... more) {
    return small(name, List.of("ppo.advantage-estimator=grpo", "ppo.samples-per-prompt=2"), more);
  }

  private TinyRun small(String name, List<String> method, String... more) {
    List<String> sets = new ArrayList<>(SMALL);
    sets.addAll(method);
    sets.addAll(List.of(more));
    return TinyRun.in(folder.resolve(name), sets.toArray(String[]::new)).prompts(9);
  }
}
