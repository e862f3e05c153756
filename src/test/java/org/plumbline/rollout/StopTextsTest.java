package org.plumbline.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.config.GenerationSettings;
import org.plumbline.model.Compute;
import org.plumbline.model.Tokenizer;
import org.plumbline.stage.TaskTime;
import org.plumbline.table.RolloutsTable;
import org.plumbline.testing.SharedData;
import org.plumbline.testing.TinyRun;

/** Completions of a small published model that end at texts. */
class StopTextsTest {
  private static final int NEW_TOKENS = 60;
  private static final List<String> PROMPTS =
      List.of("Once upon a time", "Tim had a dog", "The sun was", "One day, a girl", "Lily saw");
  private static final List<String> STOPS = List.of("park", ". He", "and");

  private final Configuration conf = new Configuration();
  private final String model = SharedData.path("data/models/stories260K-hf").toUri().toString();

  private List<Row> complete(double temperature, int slots, int together, List<String> stops)
      throws Exception {
    GenerationSettings settings =
        new GenerationSettings(temperature, NEW_TOKENS, slots, 0, 0, 1, 0, 1, stops);
    RolloutTask task =
        new RolloutTask(
            new RolloutRequest(0, 1, 1, "start", model, "", "", "", settings, 5),
            Map.of(),
            1,
            Compute.FLOAT32,
            ChatTemplate.of("dialogue", model, conf),
            new SerializableConfiguration(conf),
            new TaskTime(new LongAccumulator()),
            new TaskTime(new LongAccumulator()));
    List<Prompt> prompts = prompts();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i += together) {
      rows.addAll(task.run(prompts.subList(i, Math.min(i + together, prompts.size()))));
    }
    return rows;
  }

  private List<Prompt> prompts() throws Exception {
    List<Prompt> prompts = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(model, conf)) {
      for (String text : PROMPTS) {
        prompts.add(
            new Prompt(
                TinyRun.promptId(prompts.size()),
                tokenizer.encodeWithSpecial(text),
                1,
                null,
                null));
      }
    }
    return prompts;
  }

  @Test
  void theTextEndsBeforeTheStringAndTheTokensWithIt() throws Exception {
    List<Row> free = complete(1, 3, 5, List.of());
    List<Row> stopped = complete(1, 3, 5, STOPS);
    int cut = 0;
    for (int i = 0; i < free.size(); i++) {
      String whole = (String) free.get(i).get(6);
      String text = (String) stopped.get(i).get(6);
      int[] all = (int[]) free.get(i).get(5);
      int[] some = (int[]) stopped.get(i).get(5);
      int end = STOPS.stream().mapToInt(whole::indexOf).filter(at -> at >= 0).min().orElse(-1);
      assertThat(some).as("no other draws").isEqualTo(Arrays.copyOf(all, some.length));
      if (end < 0) {
        assertThat(text).isEqualTo(whole);
        continue;
      }
      cut++;
      assertThat(text).isEqualTo(whole.substring(0, end).strip());
      assertThat(finish(stopped.get(i))).isEqualTo("stop");
      assertThat(some.length).isLessThan(all.length);
      assertThat((float[]) stopped.get(i).get(7)).hasSize(some.length);
      assertThat((float[]) stopped.get(i).get(8)).hasSize(some.length);
    }
    assertThat(cut).as("completions that a string ended").isGreaterThanOrEqualTo(2);
  }

  @Test
  void neighboursMakeNoDifference() throws Exception {
    for (double temperature : new double[] {0, 1}) {
      List<Row> expected = complete(temperature, 1, 1, STOPS);
      for (int slots : new int[] {2, 5}) {
        List<Row> found = complete(temperature, slots, 5, STOPS);
        for (int i = 0; i < expected.size(); i++) {
          assertThat((int[]) found.get(i).get(5)).isEqualTo((int[]) expected.get(i).get(5));
          assertThat(found.get(i).get(6)).isEqualTo(expected.get(i).get(6));
          assertThat(finish(found.get(i))).isEqualTo(finish(expected.get(i)));
        }
      }
    }
  }

  private static String finish(Row row) {
    return row.getString(RolloutsTable.TABLE.schema().fieldIndex("finish"));
  }
}
