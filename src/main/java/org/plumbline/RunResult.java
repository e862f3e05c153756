package org.plumbline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.plumbline.stage.RunFolder;

/**
 * {@code result.json} of a run: how long each stage took, what stages say of the run, and Spark's
 * name of the application that is or was at work on it.
 */
final class RunResult {
  private static final String FILE = "result.json";
  private static final String SECONDS = "seconds";
  private static final String TOTAL = "total";
  private static final String APPLICATION = "application";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root;

  private RunResult(ObjectNode root) {
    this.root = root;
  }

  /** The result of a run that begins. */
  static RunResult empty() {
    return new RunResult(JSON.createObjectNode());
  }

  /** The result of {@code run} as it is so far. */
  static RunResult of(RunFolder run) {
    return run.has(FILE) && run.readJson(FILE) instanceof ObjectNode root
        ? new RunResult(root)
        : empty();
  }

  /** A stage's typed result as JSON. */
  static ObjectNode json(Record result) {
    return JSON.valueToTree(result);
  }

  /** Says that {@code application} is at work on it, from now on. */
  void workedOnBy(String application) {
    root.put(APPLICATION, application);
  }

  /** Whether {@code application} was the last to work on it. */
  boolean isOf(String application) {
    return root.path(APPLICATION).asText().equals(application);
  }

  /** Whether {@code job} is done. */
  boolean has(Job job) {
    return root.path(SECONDS).has(job.name());
  }

  /** Adds what {@code job} took and what it says of the run; the total is the sum of all stages. */
  void add(Job job, ObjectNode result, double seconds) {
    merge(root, job.headline().apply(result));
    ObjectNode times = root.withObject("/" + SECONDS);
    times.put(job.name(), rounded(seconds));
    times.remove(TOTAL);
    double sum = 0;
    for (JsonNode time : times) {
      sum += time.asDouble();
    }
    times.put(TOTAL, rounded(sum));
  }

  /** Puts the wall-clock time of the whole command in place of the sum of its stages. */
  void total(double seconds) {
    root.withObject("/" + SECONDS).put(TOTAL, rounded(seconds));
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (into.get(field.getKey()) instanceof ObjectNode old
          && field.getValue() instanceof ObjectNode more) {
        merge(old, more);
      } else {
        into.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }

  ObjectNode root() {
    return root;
  }

  void save(RunFolder run) {
    run.writeJson(FILE, root);
  }
}
