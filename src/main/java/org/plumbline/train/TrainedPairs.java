package org.plumbline.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plumbline.checkpoint.Checkpoint;
import org.plumbline.stage.RunFolder;
import org.plumbline.table.PairsIdentity;

/** Which pairs and single responses a model was trained on, from their tokens to the checkpoint. */
public final class TrainedPairs {
  /** What checkpoints call it in their state. */
  public static final String STATE = "pairs";

  /** What checkpoints call the single responses in their state. */
  public static final String UNPAIRED = "unpaired";

  /** What checkpoints call the ratings in their state. */
  public static final String RATINGS = "ratings";

  private static final ObjectMapper JSON = new ObjectMapper();

  private TrainedPairs() {}

  /** The pairs whose tokens are in {@code run}; empty if nobody told. */
  public static Map<String, Object> of(RunFolder run) {
    return of(run, PairsIdentity.FILE);
  }

  /** The single responses whose tokens are in {@code run}; empty if nobody told. */
  public static Map<String, Object> unpaired(RunFolder run) {
    return of(run, PairsIdentity.UNPAIRED_FILE);
  }

  /** The ratings whose tokens are in {@code run}; empty if nobody told. */
  public static Map<String, Object> ratings(RunFolder run) {
    return of(run, PairsIdentity.RATINGS_FILE);
  }

  private static Map<String, Object> of(RunFolder run, String file) {
    return run.has(file) ? record(run.readJson(file)) : Map.of();
  }

  /** What the state of {@code folder}, a checkpoint, tells of all three; empty if nothing. */
  public static Map<String, Object> stateOf(String folder, RunFolder run) {
    Map<String, Object> told = new TreeMap<>();
    try {
      if (Checkpoint.isComplete(folder, run.configuration())) {
        JsonNode state = Checkpoint.open(folder, run.configuration()).state();
        for (String name : List.of(STATE, UNPAIRED, RATINGS)) {
          if (state.has(name)) {
            told.put(name, record(state.path(name)));
          }
        }
      }
      return told;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** How a checkpoint tells that it was trained on {@code pairs}; nothing if on none. */
  public static Map<String, Object> state(Map<String, Object> pairs) {
    return pairs.isEmpty() ? Map.of() : Map.of(STATE, pairs);
  }

  /** How a checkpoint tells that it was trained on {@code unpaired}; nothing if on none. */
  static Map<String, Object> unpairedState(Map<String, Object> unpaired) {
    return unpaired.isEmpty() ? Map.of() : Map.of(UNPAIRED, unpaired);
  }

  /** How a checkpoint tells that it was trained on {@code ratings}; nothing if on none. */
  static Map<String, Object> ratingsState(Map<String, Object> ratings) {
    return ratings.isEmpty() ? Map.of() : Map.of(RATINGS, ratings);
  }

  private static Map<String, Object> record(JsonNode json) {
    return json.isObject()
        ? JSON.convertValue(json, new TypeReference<TreeMap<String, Object>>() {})
        : Map.of();
  }
}
