package org.plumbline.quickstart;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.plumbline.stage.RunFolder;

/** Writes the quickstart's files under {@code input/} of a run, and remembers which. */
final class InputFolder {
  private static final String NAME = "input/";

  private final RunFolder run;
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Map<String, String> paths = new LinkedHashMap<>();

  InputFolder(RunFolder run) {
    this.run = run;
  }

  /** Writes {@code what.jsonl}, one line each. */
  void lines(String what, List<String> lines) {
    String relative = NAME + what + ".jsonl";
    Path path = new Path(run.at(relative));
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(run.fileSystem().create(path, true), StandardCharsets.UTF_8))) {
      for (String line : lines) {
        out.write(line);
        out.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path + ": " + e.getMessage(), e);
    }
    counts.put(what, (long) lines.size());
    paths.put(what, path.toString());
  }

  /** Writes one JSON file into {@code input/model/}. */
  void modelFile(String name, Object value) {
    run.writeJson(NAME + "model/" + name, value);
    paths.put("model", run.at(NAME + "model"));
  }

  Map<String, Long> counts() {
    return counts;
  }

  Map<String, String> paths() {
    return paths;
  }
}
