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
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.Progress;
import org.plumbline.stage.RunFolder;
import org.plumbline.stage.StageContext;

/** The quickstart's files in a folder, and how tests read them. */
record SmallWorld(Path folder, QuickstartStage.Result result) {
  static final String[] LITTLE = {"prompts=200", "demonstrations=400"};

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes the usual world but for {@code sets} of its settings; the stage needs no Spark. */
  static SmallWorld write(Path folder, long seed, String... sets) {
    List<String> all = new ArrayList<>(List.of("seed=" + seed));
    for (String set : sets) {
      all.add("quickstart." + set);
    }
    Settings settings = SettingsReader.read(List.of(), all);
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
