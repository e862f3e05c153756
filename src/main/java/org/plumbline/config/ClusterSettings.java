package org.plumbline.config;

import java.io.Serializable;

/** How work is spread over executors. */
public record ClusterSettings(
    @Setting(
            value = "1",
            min = 1,
            doc = "training tasks that update one model together; each needs a task slot")
        int ranks,
    @Setting(value = "1", min = 1, doc = "native threads of each training or rollout task")
        int threads,
    @Setting(value = "2", min = 1, doc = "tasks that generate and score side by side")
        int rolloutTasks,
    @Setting(
            value = "true",
            doc =
                "whether models in training stay in executors' memory between stages, so that a"
                    + " stage need not load them")
        boolean resident,
    @Setting(
            value = "synchronous",
            oneOf = {"synchronous", "local-rounds"},
            doc =
                "how ranks train: every step together, or each the steps of a stage by itself, after"
                    + " which they are averaged (DiLoCo)")
        String mode,
    OuterSettings outer,
    ResourceSettings update,
    ResourceSettings rollout,
    @Setting(
            value = "60",
            min = 1,
            doc = "seconds that ranks wait for a sign of another before they give it up as lost")
        int deadline,
    @Setting(
            value = "float32",
            oneOf = {"float32", "bfloat16"},
            doc =
                "type in which gradients travel from rank to rank: bfloat16 takes half the bytes, and"
                    + " rounds a sum each time it is handed on; weights and moments travel exactly")
        String wire,
    @Setting(
            value = "false",
            doc =
                "whether checkpoints between two stages of row training are written while the next"
                    + " stage trains, from a copy in memory of what each rank writes")
        boolean asyncCheckpoints)
    implements Serializable {
  /** Whether ranks take the steps of a stage each by itself. */
  public boolean localRounds() {
    return mode.equals("local-rounds");
  }
}
