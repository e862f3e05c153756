package org.plumbline.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.config.QuickstartSettings;
import org.plumbline.config.Settings;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;

/** The quickstart's files in a folder, and how tests read them. */
record SmallWorld(Path folder, QuickstartStage.Result result) {
  static final QuickstartSettings USUAL = new QuickstartSettings(2000, 12000, 12, 768);
  static final QuickstartSettings LITTLE = new QuickstartSettings(200, 400, 12, 768);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes a world; the stage needs no Spark. */
  static SmallWorld write(Path folder, long seed, QuickstartSettings quickstart) {
    Settings settings =
        new Settings(
            seed,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            quickstart,
            null,
            null);
    RunFolder run = new RunFolder(folder.toString(), new Configuration());
    StageContext context = new StageContext(null, run, settings, Progress.silent());
    return new SmallWorld(folder, new QuickstartStage(context).execute());
  }

  Path input(String name) {
    return folder.resolve("input").resolve(name);
  }

  /** The lines of a file that are JSON. */
  List<JsonNode> rows(String name) {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : lines(name)) {
      try {
        rows.add(JSON.readTree(line));
      } catch (IOException e) {
        continue; // one of the rows that are malformed on purpose
      }
    }
    return rows;
  }

  List<String> lines(String name) {
    try {
      return Files.readAllLines(input(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The feedback that a reader should take. */
  List<JsonNode> goodFeedback() {
    return rows("feedback.jsonl").stream().filter(SmallWorld::good).toList();
  }

  private static boolean good(JsonNode row) {
    JsonNode responses = row.path("responses");
    boolean compares = row.path("kind").asText().matches("ranking|choice");
    boolean equal =
        responses.size() == 2 && responses.get(0).get("text").equals(responses.get(1).get("text"));
    return row.has("prompt")
        && !(compares && responses.size() < 2)
        && !equal
        && row.path("rating").asInt() <= 5;
  }
}
