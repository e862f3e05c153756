package org.plumbline.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.plumbline.stage.RunFolder;

/**
 * A batch as files: JSON lines in the project's own layout, with the choice left to be made, and
 * tasks of Label Studio with the interface that shows them.
 */
record BatchFiles(RunFolder run, Texts texts) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Compares two texts; the names are those of the tasks. */
  private static final String INTERFACE =
      """
      <View>
        <Header value="Which response is better?"/>
        <Text name="dialogue" value="$dialogue"/>
        <Pairwise name="comparison" toName="response1,response2"/>
        <Text name="response1" value="$response1"/>
        <Text name="response2" value="$response2"/>
      </View>
      """;

  /** Writes {@code batch.jsonl}, {@code label-studio.json} and {@code label-studio.xml}. */
  void write(List<Task> tasks, String folder) {
    write(folder + "/batch.jsonl", tasks.stream().map(this::line).collect(Collectors.joining()));
    write(
        folder + "/label-studio.json",
        tasks.stream()
            .map(task -> json(Map.of("data", studio(task))))
            .collect(Collectors.joining(",\n", "[", "]\n")));
    write(folder + "/label-studio.xml", INTERFACE);
  }

  private String line(Task task) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("task", task.id());
    row.put("prompt", prompt(task));
    row.put("split", texts.prompts().get(task.pair().promptId()).split());
    row.put("kind", "choice");
    row.put("responses", List.of(response(task, task.first()), response(task, task.second())));
    row.put("shown", List.of(0, 1));
    row.put("choice", null);
    task.person().ifPresent(person -> put(row, person));
    return json(row) + "\n";
  }

  private static void put(Map<String, Object> row, Roster.Person person) {
    row.put("annotator", person.name());
    person.group().ifPresent(group -> row.put("group", group));
  }

  private Map<String, Object> response(Task task, String id) {
    Texts.Response response = texts.response(task.pair().promptId(), id);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("text", response.text());
    if (response.model() != null) {
      fields.put("model", response.model());
    }
    return fields;
  }

  private Map<String, Object> studio(Task task) {
    String promptId = task.pair().promptId();
    Texts.Response first = texts.response(promptId, task.first());
    Texts.Response second = texts.response(promptId, task.second());
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("task", task.id());
    data.put("prompt", prompt(task));
    data.put("dialogue", dialogue(texts.prompts().get(promptId).messages()));
    data.put("split", texts.prompts().get(promptId).split());
    data.put("response1", first.text());
    data.put("response2", second.text());
    data.put("model1", first.model());
    data.put("model2", second.model());
    task.person().ifPresent(person -> put(data, person));
    return data;
  }

  /** Text where it is one turn of the user, else turns: it shall get the same id again. */
  private Object prompt(Task task) {
    List<Row> messages = texts.prompts().get(task.pair().promptId()).messages();
    if (messages.size() == 1 && messages.get(0).getString(0).equals("user")) {
      return messages.get(0).getString(1);
    }
    return messages.stream()
        .map(turn -> Map.of("role", turn.getString(0), "content", turn.getString(1)))
        .toList();
  }

  private static String dialogue(List<Row> messages) {
    return messages.stream()
        .map(turn -> turn.getString(0) + ": " + turn.getString(1))
        .collect(Collectors.joining("\n\n"));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String file, String text) {
    try (OutputStream out = run.fileSystem().create(new Path(run.at(file)), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + run.at(file) + ": " + e.getMessage(), e);
    }
  }
}
