package org.plumbline.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.checkpoint.CheckpointFolders;
import org.plumbline.config.ClusterSettings;
import org.plumbline.stage.StageContext;

/**
 * Where training goes on: at the last whole checkpoint of an interrupted run, or at the beginning.
 *
 * @param checkpoint none at the beginning
 * @param state that the checkpoint tells
 */
public record ResumePoint(Optional<String> checkpoint, JsonNode state) {
  /** What checkpoints call the figures of the updates since the one before. */
  static final String UPDATES = "updates";

  private static final String TRAINING = "training";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The point in {@code checkpoints}, a folder of them; it is emptied unless the stage resumes.
   *
   * @param training what must be the same for training to go on as if it had never stopped
   * @throws IOException if the checkpoint is of other training; the message says what differs
   */
  public static ResumePoint of(
      StageContext context, String checkpoints, Map<String, Object> training) throws IOException {
    Configuration configuration = context.run().configuration();
    if (!context.resume()) {
      Checkpoint.delete(checkpoints, configuration);
    }
    return at(Checkpoint.latest(checkpoints, configuration), training, configuration);
  }

  /** The point at {@code checkpoint}. */
  public static ResumePoint at(
      Optional<String> checkpoint, Map<String, Object> training, Configuration configuration)
      throws IOException {
    if (checkpoint.isEmpty()) {
      return new ResumePoint(checkpoint, JsonNodeFactory.instance.objectNode());
    }
    JsonNode state = Checkpoint.open(checkpoint.get(), configuration).state();
    for (Map.Entry<String, Object> now : new TreeMap<>(training).entrySet()) {
      JsonNode then = state.path(TRAINING).path(now.getKey());
      if (!then.asText().equals(String.valueOf(now.getValue()))) {
        throw new IOException(
            "Cannot resume from %s: its %s is %s (must be %s, as now)"
                .formatted(
                    checkpoint.get(),
                    now.getKey(),
                    then.isMissingNode() ? "not known" : then.asText(),
                    now.getValue()));
      }
    }
    return new ResumePoint(checkpoint, state);
  }

  /** {@code facts} of a training that must not change, and how its ranks train. */
  public static Map<String, Object> training(ClusterSettings cluster, Map<String, Object> facts) {
    Map<String, Object> training = new TreeMap<>(facts);
    training.put("mode", cluster.mode());
    if (cluster.localRounds()) {
      training.put("ranks", cluster.ranks()); // each has moments of its own
    }
    return training;
  }

  /** How a checkpoint tells what {@code training} it is of. */
  public static Map<String, Object> state(Map<String, Object> training) {
    Map<String, Object> texts = new TreeMap<>();
    training.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return Map.of(TRAINING, texts);
  }

  /** The number in the checkpoint's name: updates or iterations taken; 0 at the beginning. */
  public long step() {
    return checkpoint.map(folder -> CheckpointFolders.stepOf(folder).orElseThrow()).orElse(0L);
  }

  /** The updates since the checkpoint before. */
  public List<Update> updates() {
    return state.has(UPDATES)
        ? JSON.convertValue(state.get(UPDATES), new TypeReference<List<Update>>() {})
        : List.of();
  }

  /** The best evaluation up to the checkpoint. */
  Best best() {
    return state.has(Evaluation.BEST)
        ? JSON.convertValue(state.get(Evaluation.BEST), Best.class)
        : Best.NONE;
  }

  /** Figures by name that the checkpoint has as {@code key}. */
  public Map<String, Double> figures(String key) {
    return JSON.convertValue(state.path(key), new TypeReference<TreeMap<String, Double>>() {});
  }
}
